package dev.masque.server;

import dev.masque.server.dial.Timer;
import dev.masque.server.event.ServerListener;

/** The steps of a request for a tunnel, in their order. Thread-safe. */
record TunnelSteps(
        RequestReader reader,
        Admission admission,
        Authentication authentication,
        TunnelRate rate,
        Locations locations,
        Route route,
        Responses responses,
        LeftoverStreams leftovers,
        ServerListener listener,
        Timer timer) {}
