package dev.masque.ohttp.gateway;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpPrincipal;
import dev.masque.ohttp.bhttp.Field;
import dev.masque.ohttp.bhttp.Fields;
import dev.masque.ohttp.bhttp.ResponseHead;
import dev.masque.ohttp.exchange.Pipe;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * An uncovered request as the JDK's handlers see one. It comes from nobody: its addresses are all zero. The handler may close it
 * without reading; content that it announced and did not write cuts the response short.
 */
final class InnerExchange extends HttpExchange {
    private static final int BUFFER = 32 << 10;
    private static final InetSocketAddress NOBODY = nobody();

    private final Target.Request request;
    private final CompletableFuture<Target.Answer> answer;
    private final Headers requestHeaders = new Headers();
    private final Headers responseHeaders = new Headers();
    private final Map<String, Object> attributes = new ConcurrentHashMap<>();
    private final Pipe pipe = new Pipe(BUFFER);
    private final HttpContext context = new InnerContext();
    private InputStream in;
    private OutputStream out = new Unanswered();
    private volatile int status = -1;

    InnerExchange(Target.Request request, CompletableFuture<Target.Answer> answer) {
        this.request = request;
        this.answer = answer;
        this.in = request.body();
        for (Field line : request.head().fields().withoutConnectionFields()) {
            requestHeaders.add(line.name(), line.value());
        }
        requestHeaders.set("Host", request.head().target());
    }

    /** Gives the exchange up: what it has not sent will not come. */
    void abandon() {
        pipe.fail();
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
        URI uri = request.uri();
        String path = uri.getRawPath();
        String local = path.startsWith("//") ? "/." + path : path; // else it would be read as an authority
        return URI.create(uri.getRawQuery() == null ? local : local + "?" + uri.getRawQuery());
    }

    @Override
    public String getRequestMethod() {
        return request.head().method();
    }

    @Override
    public HttpContext getHttpContext() {
        return context;
    }

    @Override
    public void close() {
        try {
            in.close();
            out.close();
        } catch (IOException e) {
            abandon();
        }
    }

    @Override
    public InputStream getRequestBody() {
        return in;
    }

    @Override
    public OutputStream getResponseBody() {
        return out;
    }

    @Override
    public void sendResponseHeaders(int code, long length) throws IOException {
        if (status != -1) {
            throw new IOException("headers already sent");
        }
        List<Field> lines = new ArrayList<>();
        ResponseHead head;
        try {
            responseHeaders.forEach((name, values) -> values.forEach(value -> lines.add(new Field(name, value))));
            head = new ResponseHead(code, Fields.of(lines).withoutConnectionFields());
        } catch (IllegalArgumentException e) {
            throw new IOException("headers that cannot be sent");
        }
        if (head.informational()) {
            return;
        }
        status = code;
        OutputStream content = pipe.out();
        boolean none = length < 0 || request.head().method().equals("HEAD");
        out = length > 0 && !none ? new Exactly(content, length, pipe) : content;
        if (none) {
            content.close();
            out = OutputStream.nullOutputStream();
        }
        answer.complete(new Target.Answer(head, pipe.in()));
    }

    @Override
    public InetSocketAddress getRemoteAddress() {
        return NOBODY;
    }

    @Override
    public int getResponseCode() {
        return status;
    }

    @Override
    public InetSocketAddress getLocalAddress() {
        return NOBODY;
    }

    @Override
    public String getProtocol() {
        return "HTTP/1.1";
    }

    @Override
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
    public void setStreams(@Nullable InputStream i, @Nullable OutputStream o) {
        in = i == null ? in : i;
        out = o == null ? out : o;
    }

    @Override
    public @Nullable HttpPrincipal getPrincipal() {
        return null;
    }

    private static InetSocketAddress nobody() {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(new byte[4]), 0);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    /** Before the headers there is nothing to write to. */
    private static final class Unanswered extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            throw new IOException("headers not sent yet");
        }
    }

    /** Content of a length that was announced. */
    private static final class Exactly extends OutputStream {
        private final OutputStream out;
        private final Pipe pipe;
        private long left;

        Exactly(OutputStream out, long length, Pipe pipe) {
            this.out = out;
            this.left = length;
            this.pipe = pipe;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            if (length > left) {
                throw new IOException("more content than was announced");
            }
            out.write(bytes, from, length);
            left -= length;
        }

        @Override
        public void close() throws IOException {
            if (left > 0) {
                pipe.fail();
                throw new IOException("less content than was announced");
            }
            out.close();
        }
    }
}
