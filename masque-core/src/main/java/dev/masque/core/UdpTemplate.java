package dev.masque.core;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The URI template that says how a UDP tunnel to a target is asked for, RFC 9298, section 2: level 3 at most, variables
 * {@code target_host} and {@code target_port} in path or query. Immutable.
 *
 * <pre>{@code
 * UdpTemplate template = UdpTemplate.parse("https://proxy.example/masque{?target_host,target_port}");
 * template.expand(Target.of("192.0.2.6", 443));      // /masque?target_host=192.0.2.6&target_port=443
 * }</pre>
 */
public final class UdpTemplate {
    /** Targets of each form, by which a template is tried. */
    private static final List<Target> SAMPLES =
            List.of(Target.of("1-a.2-b.example", 1), Target.of("192.0.2.12", 65_535), Target.of("2001:db8::42", 443));

    /** The default that RFC 9298, section 2 gives for a proxy that is known by its authority only. */
    public static final UdpTemplate DEFAULT = parse("/.well-known/masque/udp/{target_host}/{target_port}/");

    private static final String HOST = "target_host";
    private static final String PORT = "target_port";
    private static final int MAX_PATH = 2048;

    private final UriTemplate template;

    @Nullable private final URI origin;

    private final Pattern pattern;
    private final boolean exact;

    private UdpTemplate(UriTemplate template, @Nullable URI origin, Pattern pattern, boolean exact) {
        this.template = template;
        this.origin = origin;
        this.pattern = pattern;
        this.exact = exact;
    }

    /**
     * Parses a template as configuration gives it.
     *
     * @param text an absolute template such as {@code https://proxy.example/masque?h={target_host}&p={target_port}}, or
     *     its path and query alone
     * @return the template
     * @throws IllegalArgumentException if it is not ASCII, above level 3, not https, has another variable or lacks one, has
     *     one outside path and query, or does not keep them apart; the message says which
     */
    public static UdpTemplate parse(String text) {
        if (!text.chars().allMatch(c -> c < 0x80)) {
            throw new IllegalArgumentException("template is not in ASCII: " + text);
        }
        URI origin = null;
        String path = text;
        int scheme = text.indexOf("://");
        if (scheme >= 0) {
            int slash = indexOfPath(text, scheme + 3);
            origin = origin(text.substring(0, slash));
            path = text.substring(slash);
        }
        if (!path.startsWith("/") && !(origin != null && path.startsWith("{/"))) {
            throw new IllegalArgumentException("template has no path that starts with /: " + text);
        }
        UriTemplate template = UriTemplate.parse(path);
        UdpTemplate parsed = new UdpTemplate(template, origin, pattern(template), isExact(template));
        if (!SAMPLES.stream().allMatch(parsed::tellsApart)) {
            throw new IllegalArgumentException("template does not keep host and port apart: " + text);
        }
        return parsed;
    }

    /** Whether a target can be read back from its expansion. */
    private boolean tellsApart(Target target) {
        try {
            return match(expand(target)).equals(Optional.of(target));
        } catch (MalformedException e) {
            return false;
        }
    }

    private static int indexOfPath(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '/' || c == '?' || c == '{' && "/?".indexOf(next(text, i)) >= 0) {
                return i;
            }
            if (c == '{' || c == '#') {
                throw new IllegalArgumentException("template has a variable or fragment outside path and query");
            }
        }
        throw new IllegalArgumentException("template has no path: " + text);
    }

    private static char next(String text, int at) {
        return at + 1 < text.length() ? text.charAt(at + 1) : ' ';
    }

    private static URI origin(String text) {
        try {
            URI uri = new URI(text);
            if (!"https".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null || uri.getRawUserInfo() != null) {
                throw new IllegalArgumentException("template is not https://host[:port]/...: " + text);
            }
            return uri;
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("template is no URI: " + text, e);
        }
    }

    /** What an expansion looks like, with one group for each variable. */
    private static Pattern pattern(UriTemplate template) {
        StringBuilder regex = new StringBuilder();
        Set<String> seen = new HashSet<>();
        for (UriTemplate.Part part : template.parts()) {
            if (part instanceof UriTemplate.Literal literal) {
                if (literal.text().indexOf('#') >= 0) {
                    throw new IllegalArgumentException("template has a fragment");
                }
                regex.append(Pattern.quote(literal.text()));
            } else if (part instanceof UriTemplate.Expression expression) {
                append(expression, seen, regex);
            }
        }
        if (!seen.contains(HOST) || !seen.contains(PORT)) {
            throw new IllegalArgumentException("template lacks target_host or target_port"); // RFC 9298, 2
        }
        return Pattern.compile(regex.toString());
    }

    private static void append(UriTemplate.Expression expression, Set<String> seen, StringBuilder regex) {
        if (expression.allowsReserved()) {
            throw new IllegalArgumentException("template expands a target with reserved characters or as a fragment");
        }
        boolean first = true;
        for (String name : expression.names()) {
            if (!name.equals(HOST) && !name.equals(PORT) || !seen.add(name)) {
                throw new IllegalArgumentException("template has a variable that is unknown or there twice: " + name);
            }
            regex.append(Pattern.quote(first ? expression.first() : expression.separator()));
            first = false;
            if (expression.named()) {
                regex.append(Pattern.quote(name)).append('=');
            }
            regex.append(name.equals(HOST) ? "(?<host>[^/?&;,#]*)" : "(?<port>[^/?&;,#]*)");
        }
    }

    private static boolean isExact(UriTemplate template) {
        return template.parts().stream().anyMatch(UriTemplate.Literal.class::isInstance);
    }

    /**
     * The origin of an absolute template.
     *
     * @return {@code https://host[:port]}; empty if the template has path and query only
     */
    public Optional<URI> origin() {
        return Optional.ofNullable(origin);
    }

    /**
     * The {@code :path} of a request for a target.
     *
     * @param target where the tunnel leads
     * @return path with query; colons of IPv6 as {@code %3A}
     */
    public String expand(Target target) {
        return template.expand(Map.of(HOST, target.host(), PORT, Integer.toString(target.port())));
    }

    /**
     * Finds the target that a request asks for.
     *
     * @param pathAndQuery the {@code :path} of the request
     * @return empty if it is not of this template
     * @throws MalformedException if it is of this template and its target is not valid: the answer is 400 (RFC 9298, 3.1)
     */
    public Optional<Target> match(String pathAndQuery) throws MalformedException {
        if (pathAndQuery.length() > MAX_PATH) {
            return Optional.empty();
        }
        Matcher matcher = pattern.matcher(pathAndQuery);
        if (!matcher.matches()) {
            if (exact && pattern.matcher(pathAndQuery + "/").matches()) {
                throw new MalformedException("path lacks its last slash");
            }
            return Optional.empty();
        }
        String host = decode(matcher.group("host"));
        if (host.startsWith("[")) {
            throw new MalformedException("brackets in target_host"); // RFC 9298, 2: an IP literal without them
        }
        return Optional.of(Target.parse(host, decode(matcher.group("port"))));
    }

    private static String decode(String text) throws MalformedException {
        if (text.indexOf('%') < 0) {
            return text;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '%') {
                bytes.write(c);
                continue;
            }
            int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
            int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
            if (high < 0 || low < 0) {
                throw new MalformedException("broken percent-encoding");
            }
            bytes.write(high << 4 | low);
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(java.nio.ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedException("percent-encoding is not UTF-8", e);
        }
    }

    /** The template as it was given, without its origin. */
    @Override
    public String toString() {
        return template.toString();
    }
}
