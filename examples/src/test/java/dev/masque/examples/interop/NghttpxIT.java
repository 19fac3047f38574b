package dev.masque.examples.interop;

import dev.masque.core.HttpVersion;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Our client through nghttpx and tinyproxy: CONNECT over HTTP/2, nothing else is there. */
class NghttpxIT extends ThroughPeer {
    private Relay relay;

    @SuppressWarnings("NullAway.Init") // start()
    NghttpxIT() {}

    @BeforeAll
    void start() {
        relay = Relay.start(authority, folder);
    }

    @AfterAll
    void stop() {
        if (relay != null) {
            relay.close();
        }
    }

    @Override
    OurClient client() {
        return OurClient.of(relay.address(), authority, HttpVersion.HTTP_2, "nobody-asks-for-it");
    }
}
