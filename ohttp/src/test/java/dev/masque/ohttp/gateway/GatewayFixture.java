package dev.masque.ohttp.gateway;

import com.sun.net.httpserver.HttpHandler;
import dev.masque.ohttp.KeyConfig;
import dev.masque.ohttp.bhttp.BinaryRequest;
import dev.masque.ohttp.bhttp.BinaryResponse;
import dev.masque.ohttp.exchange.Site;
import dev.masque.ohttp.exchange.TestClient;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** A gateway and a target, each on a server of its own. */
public final class GatewayFixture implements AutoCloseable {
    public final Site target = new Site();
    public final Site site = new Site();
    public final KeyRing ring = KeyRing.builder().build();
    public final List<GatewayEvent> events = new CopyOnWriteArrayList<>();
    private final OhttpGateway gateway;

    public GatewayFixture(UnaryOperator<OhttpGatewayBuilder> more) throws IOException {
        OhttpGatewayBuilder builder =
                OhttpGateway.builder().keys(ring).allow(target.uri("")).listener(events::add);
        gateway = more.apply(builder).build();
        site.at("/gateway", gateway.requestHandler()).at("/ohttp-keys", gateway.keysHandler());
    }

    public GatewayFixture answering(String path, HttpHandler handler) {
        target.at(path, handler);
        return this;
    }

    public URI uri() {
        return site.uri("/gateway");
    }

    public KeyConfig config() throws IOException {
        return KeyConfig.parseList(ring.published()).get(0);
    }

    public String url(String path) {
        return target.uri(path).toString();
    }

    public BinaryResponse ask(BinaryRequest request) throws Exception {
        return TestClient.ask(uri(), config(), request);
    }

    public TestClient.Streamed askChunked(BinaryRequest request) throws Exception {
        return TestClient.askChunked(uri(), config(), request);
    }

    @Override
    public void close() {
        site.close();
        target.close();
        gateway.close();
    }
}
