package dev.masque.core.fields;

import dev.masque.core.MalformedException;
import dev.masque.core.ProxyErrorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One member of the {@code Proxy-Status} field, RFC 9209: what one intermediary says of how it handled the request.
 * Immutable.
 *
 * <pre>{@code
 * ProxyStatus.of("proxy.example").error(ProxyErrorType.DNS_ERROR).rcode("NXDOMAIN").format();
 * // proxy.example;error=dns_error;rcode="NXDOMAIN"
 * }</pre>
 */
public final class ProxyStatus {
    /** The name of the field, lower case. */
    public static final String NAME = "proxy-status";

    private final String identifier;
    private final Map<String, BareItem> parameters;

    private ProxyStatus(String identifier, Map<String, BareItem> parameters) {
        this.identifier = identifier;
        this.parameters = parameters;
    }

    /**
     * A member without parameters.
     *
     * @param identifier names the intermediary; printable ASCII
     * @return the member
     */
    public static ProxyStatus of(String identifier) {
        new BareItem.StringItem(identifier);
        return new ProxyStatus(identifier, Map.of());
    }

    /**
     * With an error type.
     *
     * @param type the error
     * @return a copy
     */
    public ProxyStatus error(ProxyErrorType type) {
        return with("error", new BareItem.TokenItem(type.token()));
    }

    /**
     * With the next hop that was chosen.
     *
     * @param hop a name or address; printable ASCII
     * @return a copy
     */
    public ProxyStatus nextHop(String hop) {
        return with("next-hop", new BareItem.StringItem(hop));
    }

    /**
     * With the response code of the DNS.
     *
     * @param rcode such as {@code NXDOMAIN}
     * @return a copy
     */
    public ProxyStatus rcode(String rcode) {
        return with("rcode", new BareItem.StringItem(rcode));
    }

    /**
     * With a phrase for people.
     *
     * @param details our own phrase, never the text of an exception; printable ASCII
     * @return a copy
     */
    public ProxyStatus details(String details) {
        return with("details", new BareItem.StringItem(details));
    }

    /**
     * With the status that the next hop answered.
     *
     * @param status 100 to 599
     * @return a copy
     */
    public ProxyStatus receivedStatus(int status) {
        return with("received-status", new BareItem.IntegerItem(status));
    }

    private ProxyStatus with(String name, BareItem value) {
        Map<String, BareItem> copy = new LinkedHashMap<>(parameters);
        copy.put(name, value);
        return new ProxyStatus(identifier, copy);
    }

    /**
     * Parses a field.
     *
     * @param lines the lines of the field in order
     * @return the members, the one nearest to the origin first; none if the field is malformed (RFC 9651, 4.2: it is then
     *     ignored)
     */
    public static List<ProxyStatus> parse(List<String> lines) {
        List<ProxyStatus> statuses = new ArrayList<>();
        try {
            for (Member member : StructuredFields.parseList(lines)) {
                if (member instanceof Member.Item item && text(item.value()).isPresent()) {
                    statuses.add(new ProxyStatus(text(item.value()).orElse(""), item.parameters()));
                }
            }
            return List.copyOf(statuses);
        } catch (MalformedException e) {
            return List.of();
        }
    }

    private static Optional<String> text(BareItem value) {
        if (value instanceof BareItem.TokenItem token) {
            return Optional.of(token.value());
        }
        return value instanceof BareItem.StringItem string ? Optional.of(string.value()) : Optional.empty();
    }

    private Optional<String> parameter(String name) {
        return Optional.ofNullable(parameters.get(name)).flatMap(ProxyStatus::text);
    }

    /**
     * Who says this.
     *
     * @return the intermediary's identifier
     */
    public String identifier() {
        return identifier;
    }

    /**
     * The error, if this version knows its type.
     *
     * @return empty without error or with an unknown one
     */
    public Optional<ProxyErrorType> error() {
        return errorToken().flatMap(ProxyErrorType::of);
    }

    /**
     * The error as it stands in the field.
     *
     * @return empty if there is none
     */
    public Optional<String> errorToken() {
        return parameter("error");
    }

    /**
     * The phrase for people.
     *
     * @return empty if there is none
     */
    public Optional<String> details() {
        return parameter("details");
    }

    /**
     * The response code of the DNS.
     *
     * @return empty if there is none
     */
    public Optional<String> rcode() {
        return parameter("rcode");
    }

    /**
     * The next hop.
     *
     * @return empty if there is none
     */
    public Optional<String> nextHop() {
        return parameter("next-hop");
    }

    /**
     * The member as it stands in the field; members of a chain are joined with a comma.
     *
     * @return the serialised member
     */
    public String format() {
        BareItem name;
        try {
            name = new BareItem.TokenItem(identifier);
        } catch (IllegalArgumentException e) {
            name = new BareItem.StringItem(identifier);
        }
        return StructuredFields.formatItem(new Member.Item(name, parameters));
    }

    @Override
    public String toString() {
        return format();
    }
}
