package dev.masque.server.fake;

import dev.masque.core.Bytes;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.fields.ProxyStatus;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResponseHead;
import dev.masque.core.spi.StreamHandler;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The server's end of a request whose client is the test. */
public final class FakeStream extends FakeSocket implements HttpStream {
    public final List<Bytes> datagrams = new ArrayList<>();
    public final List<ResponseHead> informational = new CopyOnWriteArrayList<>();

    private final RequestHead request;
    private final HttpSession session;

    @Nullable private volatile ResponseHead response;

    FakeStream(RequestHead request, HttpSession session) {
        super(session.executor());
        this.request = request;
        this.session = session;
    }

    public boolean isAnswered() {
        return response != null;
    }

    public ResponseHead response() {
        return Objects.requireNonNull(response, "no response yet");
    }

    public int status() {
        return response().status();
    }

    public String field(String name) {
        return String.valueOf(response().fields().first(name));
    }

    public ProxyStatus proxyStatus() {
        return ProxyStatus.parse(response().fields().all("proxy-status")).get(0);
    }

    public ProxyErrorType error() {
        return proxyStatus().error().orElseThrow();
    }

    public void datagramArrives(int... payload) {
        byte[] bytes = new byte[payload.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) payload[i];
        }
        datagramArrives(ByteBuffer.wrap(bytes));
    }

    public void datagramArrives(ByteBuffer payload) {
        executor().execute(() -> {
            StreamHandler to = (StreamHandler) handler();
            to.datagram(payload);
            to.dataComplete();
        });
    }

    @Override
    public RequestHead request() {
        return request;
    }

    @Override
    public HttpSession session() {
        return session;
    }

    @Override
    public void respond(ResponseHead head) {
        if (response != null) {
            throw new IllegalStateException("answered twice");
        }
        if (head.isInformational()) {
            informational.add(head);
        } else {
            response = head;
        }
    }

    @Override
    public boolean sendDatagram(ByteBuffer payload) {
        if (response == null) {
            throw new IllegalStateException("datagram before the response");
        }
        datagrams.add(Bytes.copyOf(payload));
        return true;
    }

    @Override
    public int maxDatagramSize() {
        return 65_536;
    }
}
