package dev.masque.core.contract;

import java.util.List;

/** Both ends of a request. */
record Tunnel(Side client, Side server) {
    Tunnel resume() {
        client.stream().resume();
        server.stream().resume();
        return this;
    }

    Side side(End end) {
        return end == End.CLIENT ? client : server;
    }

    Side other(End end) {
        return end == End.CLIENT ? server : client;
    }

    List<Side> sides() {
        return List.of(client, server);
    }

    /** Which of them. */
    enum End {
        CLIENT,
        SERVER
    }
}
