package dev.masque.server.site;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpPrincipal;
import com.sun.net.httpserver.HttpsExchange;
import dev.masque.core.ProxyAuthorization;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResponseHead;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One ordinary request as a {@link com.sun.net.httpserver.HttpHandler} sees it. For one thread at a time. */
final class MountedExchange extends HttpsExchange {
    private static final Logger LOG = LoggerFactory.getLogger(MountedExchange.class);
    private static final Set<String> OF_THE_CONNECTION = Set.of(
            "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade", "content-length", "te");

    private final Bridge bridge;
    private final HttpStream stream;
    private final URI uri;
    private final Mount mount;
    private final Answers answers;
    private final Runnable release;
    private final HttpContext context;
    private final SSLSession tls;
    private final Headers requestHeaders = new Headers();
    private final Headers responseHeaders = new Headers();
    private final Map<String, Object> attributes = new ConcurrentHashMap<>();
    private final AtomicBoolean finished = new AtomicBoolean();
    private final ResponseBody response;
    private InputStream requestBody;
    private OutputStream responseBody;
    private int status = -1;

    MountedExchange(Bridge bridge, HttpStream stream, URI uri, Mount mount, Answers answers, Runnable release) {
        this.bridge = bridge;
        this.stream = stream;
        this.uri = uri;
        this.mount = mount;
        this.answers = answers;
        this.release = release;
        this.context = new MountedContext(mount);
        this.tls = new PeerSession(stream.session().info());
        this.response = new ResponseBody(bridge, stream, this::finish);
        this.requestBody = new RequestBody(bridge, this::sayContinue);
        this.responseBody = response;
        copyRequest(stream.request());
    }

    /** A credential for the proxy is not for its handlers. */
    private void copyRequest(RequestHead head) {
        for (HeaderFields.Field field : head.fields()) {
            if (!field.name().equals(ProxyAuthorization.NAME)) {
                requestHeaders.add(field.name(), field.value());
            }
        }
        if (head.authority() != null && !requestHeaders.containsKey("Host")) {
            requestHeaders.add("Host", head.authority());
        }
    }

    void run() {
        try {
            mount.handler().handle(this);
        } catch (IOException | RuntimeException | LinkageError | AssertionError e) {
            LOG.debug("a mounted handler failed", e);
            fail();
        }
    }

    private void fail() {
        if (status < 0) {
            responseHeaders.clear();
            send(500, -1);
        }
        response.close();
    }

    private void sayContinue() {
        if (status < 0 && "100-continue".equalsIgnoreCase(requestHeaders.getFirst("Expect"))) {
            stream.respond(new ResponseHead(100, HeaderFields.empty())); // RFC 9110, 10.1.1
        }
    }

    @Override
    public void sendResponseHeaders(int code, long length) throws IOException {
        if (status >= 0) {
            throw new IOException("response headers are sent already");
        }
        if (code < 200 || code > 599) {
            throw new IOException("not a final status: " + code);
        }
        try {
            send(code, length);
        } catch (IllegalArgumentException e) {
            throw new IOException("a response header is not legal in HTTP", e);
        }
    }

    private void send(int code, long length) {
        HeaderFields.Builder fields = HeaderFields.builder().addAll(answers.fields());
        responseHeaders.forEach((name, values) -> {
            if (!OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> fields.add(name, value.strip()));
            }
        });
        if (!responseHeaders.containsKey("Date")) {
            fields.add("date", DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)));
        }
        boolean head = getRequestMethod().equals("HEAD");
        boolean bodiless = code == 204 || code == 304;
        addLength(fields, length, head, bodiless);
        ResponseHead answer = new ResponseHead(code, fields.build());
        status = code;
        stream.respond(answer);
        answers.answered(code);
        response.open(length > 0 ? length : length == 0 ? -1 : 0, head || bodiless);
        if (length < 0 || head || bodiless) {
            response.close();
        }
    }

    private void addLength(HeaderFields.Builder fields, long length, boolean head, boolean bodiless) {
        String own = responseHeaders.getFirst("Content-Length");
        if (bodiless) {
            return; // RFC 9110, 8.6
        }
        if (head && own != null && own.matches("[0-9]{1,18}")) {
            fields.add("content-length", own);
        } else if (length != 0 && !(head && length < 0)) {
            fields.add("content-length", Long.toString(Math.max(0, length)));
        }
    }

    private void finish() {
        if (finished.compareAndSet(false, true)) {
            release.run();
            dev.masque.core.spi.StreamHandler rest = answers.leftover(stream);
            bridge.finish(() -> rest.closed(null));
        }
    }

    @Override
    public void close() {
        response.close();
    }

    @Override
    public Headers getRequestHeaders() {
        return requestHeaders;
    }

    @Override
    public Headers getResponseHeaders() {
        return responseHeaders;
    }

    @Override
    public URI getRequestURI() {
        return uri;
    }

    @Override
    public String getRequestMethod() {
        return stream.request().method();
    }

    @Override
    public SSLSession getSSLSession() {
        return tls;
    }

    @Override
    public HttpContext getHttpContext() {
        return context;
    }

    @Override
    public InputStream getRequestBody() {
        return requestBody;
    }

    @Override
    public OutputStream getResponseBody() {
        return responseBody;
    }

    @Override
    public InetSocketAddress getRemoteAddress() {
        return stream.session().info().remoteAddress();
    }

    @Override
    public int getResponseCode() {
        return status;
    }

    @Override
    public InetSocketAddress getLocalAddress() {
        return stream.session().info().localAddress();
    }

    @Override
    public String getProtocol() {
        return switch (stream.session().info().version()) {
            case HTTP_1_1 -> "HTTP/1.1";
            case HTTP_2 -> "HTTP/2";
            case HTTP_3 -> "HTTP/3";
        };
    }

    @Override
    @SuppressWarnings("NullAway") // the JDK's signature knows no absence
    public @Nullable Object getAttribute(String name) {
        return attributes.get(name);
    }

    @Override
    public void setAttribute(String name, @Nullable Object value) {
        if (value == null) {
            attributes.remove(name);
        } else {
            attributes.put(name, value);
        }
    }

    @Override
    public void setStreams(@Nullable InputStream in, @Nullable OutputStream out) {
        requestBody = in == null ? requestBody : in;
        responseBody = out == null ? responseBody : out;
    }

    @Override
    @SuppressWarnings("NullAway")
    public @Nullable HttpPrincipal getPrincipal() {
        return null;
    }
}
