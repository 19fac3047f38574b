package dev.masque.cli;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a party has seen, byte for byte, in the order in which it saw it: to be searched for what it must not have seen.
 * Thread-safe.
 */
final class Evidence {
    private static final int MOST = 64 << 20;

    private final Map<String, ByteArrayOutputStream> seen = new LinkedHashMap<>();
    private int size;

    /** Adds text, as a line of its own. */
    void add(String where, String text) {
        add(where, ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    /** Adds bytes to those that were seen there before. The buffer is not changed. */
    synchronized void add(String where, ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        size += copy.length;
        if (size > MOST) {
            throw new IllegalStateException("more evidence than can be kept");
        }
        seen.computeIfAbsent(where, key -> new ByteArrayOutputStream()).writeBytes(copy);
    }

    /** Where text was seen, upper or lower case: nowhere, if the list is empty. */
    List<String> placesOf(String text) {
        return placesOf(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Where bytes were seen; letters count whatever their case. */
    synchronized List<String> placesOf(byte[] bytes) {
        String needle = lower(bytes);
        List<String> places = new ArrayList<>();
        seen.forEach((where, all) -> {
            if (lower(all.toByteArray()).contains(needle)) {
                places.add(where);
            }
        });
        return places;
    }

    private static String lower(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    }

    /** How many bytes were seen. */
    synchronized int size() {
        return size;
    }

    /** Saves it. */
    synchronized void write(Path file) throws IOException {
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, ByteArrayOutputStream> entry : seen.entrySet()) {
                out.writeUTF(entry.getKey());
                out.writeInt(entry.getValue().size());
                entry.getValue().writeTo(out);
            }
        }
    }

    /** Reads what was saved. */
    static Evidence read(Path file) throws IOException {
        Evidence evidence = new Evidence();
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
            while (in.available() > 0) {
                String where = in.readUTF();
                evidence.add(where, ByteBuffer.wrap(in.readNBytes(in.readInt())));
            }
        }
        return evidence;
    }

    @Override
    public synchronized String toString() {
        return "evidence of " + size + " bytes in " + seen.keySet();
    }
}
