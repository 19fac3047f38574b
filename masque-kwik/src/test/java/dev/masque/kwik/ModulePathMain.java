package dev.masque.kwik;

import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.RequestHead;
import dev.masque.core.spi.TransportProvider;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;

/** Prints why the transport cannot be used, or carries a tunnel with it; run by {@link ModulePathIT} in a JVM of its own. */
final class ModulePathMain {
    private ModulePathMain() {}

    public static void main(String[] arguments) throws Exception {
        TransportProvider provider = ServiceLoader.load(TransportProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(found -> found.name().equals("kwik"))
                .findFirst()
                .orElseThrow();
        System.out.println("module " + provider.getClass().getModule().getName());
        if (provider.unavailable().isPresent()) {
            System.out.println(provider.unavailable().get());
            return;
        }
        try (Loopback loopback = new Loopback(new EchoServer());
                HttpSession session = loopback.connect()) {
            RecordingStream events = new RecordingStream();
            session.open(RequestHead.connect("target.example:443", HeaderFields.empty()), s -> events);
            System.out.println(
                    "status " + events.response.get(10, TimeUnit.SECONDS).status());
        }
    }
}
