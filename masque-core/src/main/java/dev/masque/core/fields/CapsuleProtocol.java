package dev.masque.core.fields;

import dev.masque.core.MalformedException;
import dev.masque.core.spi.HeaderFields;

/** The {@code Capsule-Protocol} field, RFC 9297, section 3.4. Without state. */
public final class CapsuleProtocol {
    /** The name of the field, lower case. */
    public static final String NAME = "capsule-protocol";

    /** The value that says yes. */
    public static final String VALUE = "?1";

    private CapsuleProtocol() {}

    /**
     * Whether a message says that it uses the Capsule Protocol.
     *
     * @param fields the message's fields
     * @return true on {@code ?1}, with or without parameters; a value of another type counts as none
     */
    public static boolean isOn(HeaderFields fields) {
        try {
            return fields.contains(NAME)
                    && StructuredFields.parseItem(fields.all(NAME)).value() instanceof BareItem.BooleanItem flag
                    && flag.value();
        } catch (MalformedException e) {
            return false;
        }
    }
}
