package dev.masque.ohttp.bhttp;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/** Messages made up from a seed, and what tests say of bytes. */
final class Messages {
    private static final String TOKEN = "abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~";

    private Messages() {}

    static LongStream seeds() {
        return LongStream.range(0, 60);
    }

    static BinaryRequest request(SplittableRandom random) {
        String path = "/" + text(random, random.nextInt(300), '!', '~').replace('#', '-');
        RequestHead head = new RequestHead(
                List.of("GET", "POST", "PURGE", "get").get(random.nextInt(4)),
                random.nextBoolean() ? "https" : "HTTP",
                random.nextBoolean() ? "" : "example.com:8443",
                path,
                fields(random));
        return new BinaryRequest(head, content(random), fields(random));
    }

    static BinaryResponse response(SplittableRandom random) {
        List<ResponseHead> informational = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            informational.add(new ResponseHead(random.nextInt(100, 200), fields(random)));
        }
        return new BinaryResponse(
                informational,
                new ResponseHead(random.nextInt(200, 600), fields(random)),
                content(random),
                fields(random));
    }

    private static Fields fields(SplittableRandom random) {
        List<Field> lines = new ArrayList<>();
        for (int i = random.nextInt(4) == 0 ? 0 : random.nextInt(8); i > 0; i--) {
            StringBuilder name = new StringBuilder("x");
            for (int c = random.nextInt(80); c > 0; c--) {
                name.append(TOKEN.charAt(random.nextInt(TOKEN.length())));
            }
            int length = random.nextInt(5) == 0 ? random.nextInt(5000) : random.nextInt(70);
            lines.add(new Field(name.toString(), text(random, length, ' ', '~').trim() + (char) 0xe9));
        }
        return Fields.of(lines);
    }

    private static String text(SplittableRandom random, int length, char from, char to) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) random.nextInt(from, to + 1));
        }
        return text.toString();
    }

    private static ByteBuffer content(SplittableRandom random) {
        byte[] content = new byte[random.nextInt(3) == 0 ? 0 : random.nextInt(20_000)];
        random.nextBytes(content);
        return ByteBuffer.wrap(content);
    }

    static ByteBuffer hex(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }

    static String hex(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
