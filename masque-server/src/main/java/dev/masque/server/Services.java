package dev.masque.server;

import java.util.List;
import java.util.ServiceLoader;

/** What {@link ServiceLoader} finds: by the thread's class loader, else by this library's own. Without state. */
final class Services {
    private Services() {}

    static <T> List<T> find(Class<T> type) {
        List<T> found = all(ServiceLoader.load(type));
        return found.isEmpty() ? all(ServiceLoader.load(type, Services.class.getClassLoader())) : found;
    }

    private static <T> List<T> all(ServiceLoader<T> loader) {
        return loader.stream().map(ServiceLoader.Provider::get).toList();
    }
}
