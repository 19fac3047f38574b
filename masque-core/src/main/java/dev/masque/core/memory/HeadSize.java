package dev.masque.core.memory;

import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.ResponseHead;
import org.jspecify.annotations.Nullable;

/** The size of a field section as RFC 9113, 6.5.2 counts it. Stateless. */
final class HeadSize {
    private static final int OVERHEAD = 32;

    private HeadSize() {}

    static long of(RequestHead head) {
        return field(":method", head.method())
                + field(":scheme", head.scheme())
                + field(":authority", head.authority())
                + field(":path", head.path())
                + field(":protocol", head.protocol())
                + of(head.fields());
    }

    static long of(ResponseHead head) {
        return field(":status", "200") + of(head.fields());
    }

    private static long of(HeaderFields fields) {
        long size = 0;
        for (HeaderFields.Field field : fields) {
            size += field(field.name(), field.value());
        }
        return size;
    }

    private static long field(String name, @Nullable String value) {
        return value == null ? 0 : name.length() + value.length() + OVERHEAD;
    }
}
