package dev.masque.ohttp.bhttp;

import dev.masque.ohttp.bhttp.BinaryHttpException.Kind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Reads control data that may arrive in pieces, RFC 9292, sections 3.4 and 3.5. */
final class ControlReader {
    private static final int REQUEST_PARTS = 4;

    private final BinaryHttpLimits limits;
    private final PartReader parts;
    private final List<String> texts = new ArrayList<>(REQUEST_PARTS);
    private boolean response;
    private int status;
    private long used;
    private int length = -1;

    ControlReader(BinaryHttpLimits limits, PartReader parts) {
        this.limits = limits;
        this.parts = parts;
    }

    void begin(boolean ofResponse) {
        response = ofResponse;
    }

    /** True when control data is complete, false when the input is used up. */
    boolean read(ByteBuffer in) throws BinaryHttpException {
        return response ? readStatus(in) : readTexts(in);
    }

    private boolean readStatus(ByteBuffer in) throws BinaryHttpException {
        if (!parts.integer(in)) {
            return false;
        }
        if (parts.value() < 100 || parts.value() > 599) {
            throw new BinaryHttpException(Kind.INVALID, "a status outside of 100 to 599");
        }
        status = (int) parts.value();
        return true;
    }

    private boolean readTexts(ByteBuffer in) throws BinaryHttpException {
        while (texts.size() < REQUEST_PARTS) {
            if (length < 0) {
                if (!parts.integer(in)) {
                    return false;
                }
                used += parts.value();
                if (used > limits.controlData()) {
                    throw new BinaryHttpException(Kind.TOO_LARGE, "control data over the limit");
                }
                length = (int) parts.value();
            }
            if (!parts.bytes(in, length)) {
                return false;
            }
            texts.add(parts.take());
            length = -1;
        }
        return true;
    }

    RequestHead request(Fields fields) throws BinaryHttpException {
        return BinaryHttpException.valid(
                () -> new RequestHead(texts.get(0), texts.get(1), texts.get(2), texts.get(3), fields));
    }

    ResponseHead response(Fields fields) {
        return new ResponseHead(status, fields);
    }
}
