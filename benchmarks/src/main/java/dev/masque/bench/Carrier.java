package dev.masque.bench;

import java.io.IOException;

/** Carries bytes to and from this process on a number of streams at once. For one thread. */
interface Carrier {
    /** Whose processes do it. */
    Subject subject();

    /** MiB/s that come on so many streams together, for about so long. */
    double download(int streams, double seconds) throws IOException;

    /** MiB/s that go on so many streams together, for about so long. */
    double upload(int streams, double seconds) throws IOException;
}
