package dev.masque.kwik;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What contains kwik's defects reaches into packages that kwik does not export. On the class path that is nothing special; on
 * the module path it has to be allowed by options of the {@code java} command, and this says which. Stateless.
 */
final class ModulePath {
    private static final String KWIK = "tech.kwik.core";
    private static final String AGENT15 = "tech.kwik.agent15";

    private ModulePath() {}

    /** The sentence for an operator if something is not allowed; empty on the class path. */
    static Optional<String> complaint() {
        List<String> options = missing();
        return options.isEmpty()
                ? Optional.empty()
                : Optional.of("on the module path it needs the options " + String.join(" ", options));
    }

    private static List<String> missing() {
        List<String> options = new ArrayList<>();
        for (String inner : List.of(
                "cc",
                "common",
                "frame",
                "impl",
                "log",
                "packet",
                "receive",
                "recovery",
                "send",
                "server.impl",
                "stream")) {
            missing(KWIK, KWIK + "." + inner).ifPresent(options::add);
        }
        missing(AGENT15, AGENT15 + ".engine.impl").ifPresent(options::add);
        return options;
    }

    private static Optional<String> missing(String module, String packageName) {
        Module here = ModulePath.class.getModule();
        return here.getLayer() == null
                ? Optional.empty()
                : here.getLayer()
                        .findModule(module)
                        .filter(there -> !there.isOpen(packageName, here))
                        .map(there -> "--add-opens=" + module + "/" + packageName + "=" + here.getName());
    }
}
