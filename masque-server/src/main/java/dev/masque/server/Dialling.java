package dev.masque.server;

import dev.masque.core.spi.HttpStream;
import dev.masque.geohash.GeoHint;
import dev.masque.server.auth.Principal;
import java.util.Optional;

/**
 * A tunnel that is to be made. Immutable but for the notes.
 *
 * @param request what is asked for
 * @param principal by whom
 * @param connection on which connection
 * @param stream on which of its streams
 * @param hint where the client wants to be
 * @param notes for the answer
 */
record Dialling(
        TunnelRequest request,
        Principal principal,
        ClientConnection connection,
        HttpStream stream,
        Optional<GeoHint> hint,
        TunnelNotes notes) {}
