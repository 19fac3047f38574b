package dev.masque.privacypass;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a token carries for all to read: extensions in the order of their types. Client, issuer and origin use the same
 * bytes. Authentication scheme extensions draft, 3.
 *
 * @param list the extensions; a type may come more than once
 */
public record Extensions(List<Extension> list) {
    /** No extension. */
    public static final Extensions NONE = new Extensions(List.of());

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if they are not in order or more than 65535 bytes
     */
    public Extensions {
        list = List.copyOf(list);
        int size = 0;
        int last = 0;
        for (Extension extension : list) {
            size += 4 + extension.data().size();
            if (extension.type() < last || size > 0xffff) {
                throw new IllegalArgumentException("extensions out of order or too long");
            }
            last = extension.type();
        }
    }

    /**
     * Some extensions.
     *
     * @param extensions in the order of their types
     * @return them as one value
     * @throws IllegalArgumentException if they are not in order or more than 65535 bytes
     */
    public static Extensions of(Extension... extensions) {
        return new Extensions(List.of(extensions));
    }

    /**
     * Reads the value of an {@code extensions} parameter.
     *
     * @param encoded the whole of it, with its length in front
     * @return the extensions
     * @throws MalformedException if that is not what the bytes are
     */
    public static Extensions decode(Bytes encoded) throws MalformedException {
        Wire.Reader in = new Wire.Reader(encoded);
        Extensions extensions = read(in);
        in.end();
        return extensions;
    }

    static Extensions read(Wire.Reader in) throws MalformedException {
        Wire.Reader body = in.sub(in.uint16());
        List<Extension> list = new ArrayList<>();
        int last = 0;
        while (body.hasMore()) {
            Extension extension = new Extension(body.uint16(), body.opaque(body.uint16()));
            if (extension.type() < last) {
                throw new MalformedException("extensions out of order");
            }
            last = extension.type();
            list.add(extension);
        }
        return list.isEmpty() ? NONE : new Extensions(list);
    }

    /**
     * The bytes that the issuer signs and the header carries.
     *
     * @return the extensions with their length in front
     */
    public Bytes encode() {
        Wire.Writer body = new Wire.Writer();
        for (Extension extension : list) {
            body.uint16(extension.type()).uint16(extension.data().size()).opaque(extension.data());
        }
        Bytes content = body.done();
        return new Wire.Writer().uint16(content.size()).opaque(content).done();
    }

    /**
     * Until when the token can be used.
     *
     * @return the time that the extensions say, if they do
     * @throws MalformedException if there is more than one, or one that is no time
     */
    public Optional<Instant> expiry() throws MalformedException {
        Optional<Instant> expiry = Optional.empty();
        for (Extension extension : list) {
            if (extension.type() == Extension.EXPIRATION) {
                if (expiry.isPresent()) {
                    throw new MalformedException("more than one expiry");
                }
                expiry = extension.expiry();
            }
        }
        return expiry;
    }
}
