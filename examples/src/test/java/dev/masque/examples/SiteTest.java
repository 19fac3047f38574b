package dev.masque.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pages of the documentation show code that is there. */
class SiteTest {
    private static final Path SITE = Path.of("..", "src-site");
    private static final Pattern INCLUDE = Pattern.compile("include::\\{examples}/([A-Za-z]+\\.java)\\[tag=([a-z]+)]");
    private static final Pattern LINK = Pattern.compile("xref:([a-z/-]+\\.adoc)");

    static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.walk(SITE)) {
            return files.filter(file -> file.toString().endsWith(".adoc")).toList();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyRegionAndLinkOfAPageExists(Path page) throws IOException {
        String text = Files.readString(page);
        Matcher include = INCLUDE.matcher(text);
        while (include.find()) {
            Path source = Path.of("src/main/java/dev/masque/examples", include.group(1));
            assertThat(Files.readString(source))
                    .contains("tag::" + include.group(2) + "[]", "end::" + include.group(2) + "[]");
        }
        Matcher link = LINK.matcher(text);
        while (link.find()) {
            assertThat(page.resolveSibling(link.group(1))).exists();
        }
    }
}
