package dev.masque.ohttp.bhttp;

/**
 * What a decoder accepts. Every limit is checked before memory is used for what it limits.
 *
 * @param controlData bytes of method, scheme, authority and path together
 * @param fieldSection bytes of one header or trailer section
 * @param fieldLines field lines of one header or trailer section
 * @param informational informational responses before the final one
 * @param content bytes of content; content is not kept by {@link BinaryDecoder}, so that this may be as large as wanted there
 */
public record BinaryHttpLimits(int controlData, int fieldSection, int fieldLines, int informational, long content) {
    /** 16 KiB of control data, 64 KiB and 256 lines in a field section, 16 informational responses, 16 MiB of content. */
    public static final BinaryHttpLimits DEFAULT = new BinaryHttpLimits(16 << 10, 64 << 10, 256, 16, 16L << 20);

    /**
     * Checks the limits.
     *
     * @throws IllegalArgumentException if one is negative
     */
    public BinaryHttpLimits {
        if (controlData < 0 || fieldSection < 0 || fieldLines < 0 || informational < 0 || content < 0) {
            throw new IllegalArgumentException("a limit is negative");
        }
    }

    /**
     * The same with another limit of content.
     *
     * @param bytes the limit, {@link Long#MAX_VALUE} for none
     * @return the limits
     */
    public BinaryHttpLimits withContent(long bytes) {
        return new BinaryHttpLimits(controlData, fieldSection, fieldLines, informational, bytes);
    }

    /**
     * The same with other limits of field sections.
     *
     * @param bytes the bytes of one section
     * @param lines the lines of one section
     * @return the limits
     */
    public BinaryHttpLimits withFieldSection(int bytes, int lines) {
        return new BinaryHttpLimits(controlData, bytes, lines, informational, content);
    }
}
