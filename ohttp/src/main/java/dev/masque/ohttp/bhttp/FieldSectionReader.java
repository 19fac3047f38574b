package dev.masque.ohttp.bhttp;

import dev.masque.ohttp.bhttp.BinaryHttpException.Kind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Reads field sections that may arrive in pieces, RFC 9292, sections 3.1, 3.2 and 3.6. */
final class FieldSectionReader {
    private enum Step {
        SECTION_LENGTH,
        NAME_LENGTH,
        NAME,
        VALUE_LENGTH,
        VALUE
    }

    private final BinaryHttpLimits limits;
    private final PartReader parts;
    private List<Field> lines = new ArrayList<>();
    private Step step = Step.NAME_LENGTH;
    private boolean indeterminate;
    private long left;
    private long used;
    private int length;
    private String name = "";

    FieldSectionReader(BinaryHttpLimits limits, PartReader parts) {
        this.limits = limits;
        this.parts = parts;
    }

    void begin(boolean indeterminateLength) {
        indeterminate = indeterminateLength;
        step = indeterminate ? Step.NAME_LENGTH : Step.SECTION_LENGTH;
        left = Long.MAX_VALUE;
        used = 0;
    }

    /** Whether not a byte of the section has come: there it may be left out. */
    boolean untouched() {
        Step first = indeterminate ? Step.NAME_LENGTH : Step.SECTION_LENGTH;
        return step == first && lines.isEmpty() && !parts.inInteger();
    }

    /** True when the section is complete, false when the input is used up. */
    boolean read(ByteBuffer in) throws BinaryHttpException {
        if (step == Step.SECTION_LENGTH) {
            if (!parts.integer(in)) {
                return false;
            }
            left = parts.value();
            if (left > limits.fieldSection()) {
                throw new BinaryHttpException(Kind.TOO_LARGE, "a field section over the limit");
            }
            step = Step.NAME_LENGTH;
        }
        int limit = in.limit();
        int start = in.position();
        in.limit(start + (int) Math.min(left, in.remaining()));
        boolean terminated = readLines(in);
        left -= in.position() - start;
        in.limit(limit);
        if (indeterminate) {
            return terminated;
        }
        if (terminated || left == 0 && (step != Step.NAME_LENGTH || parts.inInteger())) {
            throw new BinaryHttpException(
                    Kind.INVALID, terminated ? "a field name is empty" : "a field line goes beyond its section");
        }
        return left == 0;
    }

    /** True after a name of length 0, false when the input is used up. */
    private boolean readLines(ByteBuffer in) throws BinaryHttpException {
        while (true) {
            switch (step) {
                case NAME_LENGTH -> {
                    if (!parts.integer(in)) {
                        return false;
                    }
                    if (parts.value() == 0) {
                        return true;
                    }
                    if (lines.size() == limits.fieldLines()) {
                        throw new BinaryHttpException(Kind.TOO_LARGE, "more field lines than the limit");
                    }
                    length = charge(parts.value());
                    step = Step.NAME;
                }
                case NAME -> {
                    if (!parts.bytes(in, length)) {
                        return false;
                    }
                    name = parts.take();
                    step = Step.VALUE_LENGTH;
                }
                case VALUE_LENGTH -> {
                    if (!parts.integer(in)) {
                        return false;
                    }
                    length = charge(parts.value());
                    step = Step.VALUE;
                }
                case VALUE -> {
                    if (!parts.bytes(in, length)) {
                        return false;
                    }
                    String value = parts.take();
                    lines.add(BinaryHttpException.valid(() -> new Field(name, value)));
                    step = Step.NAME_LENGTH;
                }
                case SECTION_LENGTH -> throw new IllegalStateException("before the lines");
            }
        }
    }

    private int charge(long bytes) throws BinaryHttpException {
        used += VarInt.length(bytes) + bytes;
        if (used > limits.fieldSection()) {
            throw new BinaryHttpException(Kind.TOO_LARGE, "a field section over the limit");
        }
        return (int) bytes;
    }

    Fields take() {
        Fields fields = Fields.of(lines);
        lines = new ArrayList<>();
        return fields;
    }
}
