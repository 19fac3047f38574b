package dev.masque.core.contract;

import dev.masque.core.HttpVersion;

/** What the parts of the contract share: the places where versions of HTTP differ. */
interface Contract {
    /** The server and its clients. */
    Loop loop();

    /** Whether sessions run over TLS. */
    boolean isSecured();

    /** Whether servers are known by certificates. */
    boolean showsCertificates();

    /** One request at a time, and none after a tunnel; a reset is the end of the connection. */
    default boolean isHttp1() {
        return loop().version == HttpVersion.HTTP_1_1;
    }

    /** Datagrams are frames of their own: the oldest goes first where too many wait. */
    default boolean hasDatagramFrames() {
        return loop().version == HttpVersion.HTTP_3 || !isSecured();
    }

    /** Datagrams leave while the executor of the session is busy. */
    default boolean sendsOnItsOwnThread() {
        return loop().version == HttpVersion.HTTP_3 && isSecured();
    }
}
