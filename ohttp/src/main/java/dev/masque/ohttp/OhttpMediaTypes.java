package dev.masque.ohttp;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The media types of Oblivious HTTP (RFC 9458, 9; draft-ietf-ohai-chunked-ohttp, 8). */
public final class OhttpMediaTypes {
    /** A list of key configurations. */
    public static final String KEYS = "application/ohttp-keys";

    /** An encapsulated request. */
    public static final String REQUEST = "message/ohttp-req";

    /** An encapsulated response. */
    public static final String RESPONSE = "message/ohttp-res";

    /** An encapsulated request in chunks. */
    public static final String CHUNKED_REQUEST = "message/ohttp-chunked-req";

    /** An encapsulated response in chunks. */
    public static final String CHUNKED_RESPONSE = "message/ohttp-chunked-res";

    private OhttpMediaTypes() {}

    /**
     * Whether a Content-Type field names a media type, whatever its parameters.
     *
     * @param contentType the field's value, or null if there is none
     * @param mediaType one of the constants
     * @return true if it does
     */
    public static boolean matches(@Nullable String contentType, String mediaType) {
        if (contentType == null) {
            return false;
        }
        int parameters = contentType.indexOf(';');
        String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
        return type.strip().toLowerCase(Locale.ROOT).equals(mediaType);
    }
}
