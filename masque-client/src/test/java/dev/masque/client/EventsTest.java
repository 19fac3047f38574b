package dev.masque.client;

import static dev.masque.client.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.masque.client.event.ClientListener;
import dev.masque.client.event.CloseReason;
import dev.masque.client.event.ConnectFailed;
import dev.masque.client.event.SessionClosed;
import dev.masque.client.event.SessionOpened;
import dev.masque.client.event.TunnelClosed;
import dev.masque.client.event.TunnelFailed;
import dev.masque.client.event.TunnelKind;
import dev.masque.client.event.TunnelOpened;
import dev.masque.core.HttpVersion;
import dev.masque.core.ProxyErrorType;
import dev.masque.core.spi.ResetReason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EventsTest {
    private static final SessionOpened SESSION = new SessionOpened(HttpVersion.HTTP_2, "memory", Duration.ZERO);

    @AutoClose
    private final ScriptedProxy proxy = Clients.http2();

    private final Recorder recorder = new Recorder();

    @AutoClose
    private final MasqueClient client = Clients.to(proxy).listener(recorder).build();

    private static final class Recorder implements ClientListener {
        private final List<Object> events = new CopyOnWriteArrayList<>();

        @Override
        public void sessionOpened(SessionOpened event) {
            add(event);
        }

        @Override
        public void sessionClosed(SessionClosed event) {
            add(event);
        }

        @Override
        public void connectFailed(ConnectFailed event) {
            add(event);
        }

        @Override
        public void tunnelOpened(TunnelOpened event) {
            add(event);
        }

        @Override
        public void tunnelFailed(TunnelFailed event) {
            add(event);
        }

        @Override
        public void tunnelClosed(TunnelClosed event) {
            add(event);
        }

        private void add(Object event) {
            events.add(event);
            throw new IllegalStateException("listeners may not break anything");
        }

        private <E> E only(Class<E> type) throws Exception {
            until(() -> events.stream().anyMatch(type::isInstance));
            List<E> found =
                    events.stream().filter(type::isInstance).map(type::cast).toList();
            assertThat(found).hasSize(1);
            return found.get(0);
        }
    }

    @Test
    void tellsTheLifeOfATunnel() throws Exception {
        try (TcpTunnel tunnel = client.openTcp("secret.example", 443)) {
            tunnel.outputStream().write(new byte[100]);
            tunnel.shutdownOutput();
            tunnel.inputStream().readAllBytes();
        }
        TunnelClosed closed = recorder.only(TunnelClosed.class);

        assertThat(recorder.only(SessionOpened.class)).isEqualTo(SESSION);
        assertThat(recorder.only(TunnelOpened.class).kind()).isEqualTo(TunnelKind.TCP);
        assertThat(recorder.only(TunnelOpened.class).version()).isEqualTo(HttpVersion.HTTP_2);
        assertThat(closed.opened()).isEqualTo(recorder.only(TunnelOpened.class));
        assertThat(closed.sent()).isEqualTo(100);
        assertThat(closed.received()).isEqualTo(100);
        assertThat(closed.reason()).isEqualTo(CloseReason.COMPLETED);
        assertThat(recorder.events.toString()).doesNotContain("secret.example");
    }

    @Test
    void countsPayloadsOfDatagrams() throws Exception {
        try (UdpTunnel tunnel = client.openUdp("dns.example", 53)) {
            tunnel.send(new byte[10]);
            tunnel.receive(Duration.ofSeconds(10));
        }
        TunnelClosed closed = recorder.only(TunnelClosed.class);

        assertThat(closed.opened().kind()).isEqualTo(TunnelKind.UDP);
        assertThat(closed.sent()).isEqualTo(10);
        assertThat(closed.received()).isEqualTo(10);
    }

    @Test
    void tellsHowATunnelWasCut() throws Exception {
        proxy.onRequest = ProxiedStream::accept;
        client.openTcp("example.com", 443);
        proxy.streams.get(0).resets(ResetReason.CONNECT_ERROR);

        assertThat(recorder.only(TunnelClosed.class).reason()).isEqualTo(CloseReason.REMOTE_RESET);
    }

    @Test
    void tellsWhenTheSessionIsLost() throws Exception {
        client.openTcp("example.com", 443);
        proxy.sessions.get(0).breaks();

        assertThat(recorder.only(TunnelClosed.class).reason()).isEqualTo(CloseReason.SESSION_LOST);
        assertThat(recorder.only(SessionClosed.class)).isEqualTo(new SessionClosed(SESSION, true));
    }

    @Test
    void tellsARefusal() throws Exception {
        proxy.onRequest = stream -> stream.refuse(502, "proxy-status", "p;error=dns_error");
        assertThatExceptionOfType(TunnelException.class).isThrownBy(() -> client.openTcp("example.com", 443));

        TunnelFailed failed = recorder.only(TunnelFailed.class);
        assertThat(failed.status()).isEqualTo(OptionalInt.of(502));
        assertThat(failed.error()).isEqualTo(Optional.of(ProxyErrorType.DNS_ERROR));
        assertThat(recorder.events).noneMatch(TunnelOpened.class::isInstance);
    }

    @Test
    void tellsAProxyThatIsNotThere() throws Exception {
        proxy.onConnect = attempt -> ScriptedProxy.refused();
        assertThatExceptionOfType(TunnelException.class).isThrownBy(() -> client.openTcp("example.com", 443));

        assertThat(recorder.only(ConnectFailed.class))
                .isEqualTo(new ConnectFailed(Optional.of(ProxyErrorType.CONNECTION_REFUSED), 1));
        assertThat(recorder.only(TunnelFailed.class).error()).contains(ProxyErrorType.CONNECTION_REFUSED);
    }
}
