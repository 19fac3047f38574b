package dev.masque.server;

import dev.masque.core.ServerTiming;
import dev.masque.core.fields.CapsuleProtocol;
import dev.masque.core.fields.ProxyStatus;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.ResponseHead;
import dev.masque.server.event.TunnelKind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The one place where an answer to a request for a tunnel is put into words. Immutable but for {@code Alt-Svc}. */
final class Responses {
    /** The challenge as a proxy makes it; 401 is that of an origin, which a template's URI makes of the proxy. */
    static final String CHALLENGE = "proxy-authenticate";

    private final String name;
    private final ResponseProfile profile;
    private final boolean detailedTiming;

    private volatile boolean http3;
    private volatile int http3Port;

    Responses(String name, ResponseProfile profile, boolean detailedTiming) {
        this.name = name;
        this.profile = profile;
        this.detailedTiming = detailedTiming;
    }

    /** From now on says where HTTP/3 is, RFC 7838: at a port, or if that is 0 at the one that the client reached. */
    void advertiseHttp3(int port) {
        http3Port = port;
        http3 = true;
    }

    /** The notes and further fields are those of this tunnel. */
    ResponseHead accepted(TunnelRequest request, Timing timing, int port, TunnelNotes notes, HeaderFields more) {
        HeaderFields.Builder fields = HeaderFields.builder();
        if (request.kind() == TunnelKind.UDP) {
            fields.add(CapsuleProtocol.NAME, CapsuleProtocol.VALUE); // RFC 9298, 3.3
            addAltSvc(fields, port);
        }
        ProxyStatus status = ProxyStatus.of(name);
        fields.add(
                ProxyStatus.NAME,
                chain(notes, notes.details().map(status::details).orElse(status)));
        addTiming(fields, timing);
        fields.addAll(more);
        return new ResponseHead(200, fields.build());
    }

    /** A classic CONNECT names the target as its origin, which has no alternative here: RFC 7838, 2.1. */
    ResponseHead refused(Refusal refusal, boolean templated, Timing timing, int port, TunnelNotes notes) {
        ProxyStatus status = ProxyStatus.of(name);
        if (!refusal.passedOn()) {
            status = status.error(refusal.type());
        }
        if (refusal.rcode().isPresent()) {
            status = status.rcode(refusal.rcode().get());
        }
        Optional<NextProxyAnswer> next = notes.nextProxy();
        if (next.isPresent()) {
            status = status.receivedStatus(next.get().status());
        }
        HeaderFields.Builder fields =
                HeaderFields.builder().add(ProxyStatus.NAME, chain(notes, status.details(refusal.phrase())));
        addTiming(fields, timing);
        if (templated && refusal.status(profile) != 421) {
            addAltSvc(fields, port);
        }
        boolean asOrigin = templated && profile == ResponseProfile.RFC;
        for (HeaderFields.Field field : refusal.fields()) {
            boolean challenge = field.name().equals(CHALLENGE);
            fields.add(challenge && asOrigin ? "www-authenticate" : field.name(), field.value());
        }
        fields.add("content-length", "0");
        return new ResponseHead(refusal.status(profile), fields.build());
    }

    /** What proxies behind this one say comes first: the one nearest to the target begins, RFC 9209, 2. */
    private static String chain(TunnelNotes notes, ProxyStatus own) {
        List<ProxyStatus> before =
                notes.nextProxy().map(NextProxyAnswer::statuses).orElse(List.of());
        return Stream.concat(before.stream(), Stream.of(own))
                .map(ProxyStatus::format)
                .collect(Collectors.joining(", "));
    }

    private void addTiming(HeaderFields.Builder fields, Timing timing) {
        StringBuilder value = new StringBuilder(ServerTiming.format("proxy", timing.proxy()));
        if (detailedTiming) {
            append(value, "dns", timing.resolve());
            append(value, "connect", timing.connect());
        }
        fields.add(ServerTiming.NAME, value.toString());
    }

    private static void append(StringBuilder value, String metric, Duration duration) {
        if (!duration.isZero()) {
            value.append(", ").append(ServerTiming.format(metric, duration));
        }
    }

    private void addAltSvc(HeaderFields.Builder fields, int reached) {
        if (http3) {
            int port = http3Port == 0 ? reached : http3Port;
            fields.add("alt-svc", "h3=\":" + port + "\"; ma=86400");
        }
    }

    /** What an ordinary response carries beside what its handler says. */
    HeaderFields ordinary(Duration took, int port) {
        HeaderFields.Builder fields = HeaderFields.builder().add(ServerTiming.NAME, ServerTiming.format("proxy", took));
        addAltSvc(fields, port);
        return fields.build();
    }
}
