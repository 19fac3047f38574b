package dev.masque.server.site;

import com.sun.net.httpserver.Authenticator;
import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What a handler sees of where it is mounted; there is no {@link HttpServer} and nothing to change. */
final class MountedContext extends HttpContext {
    private final Mount mount;
    private final Map<String, Object> attributes = new ConcurrentHashMap<>();

    MountedContext(Mount mount) {
        this.mount = mount;
    }

    @Override
    public HttpHandler getHandler() {
        return mount.handler();
    }

    @Override
    public void setHandler(HttpHandler handler) {
        throw new UnsupportedOperationException("handlers are mounted when the server is built");
    }

    @Override
    public String getPath() {
        return mount.path();
    }

    @Override
    @SuppressWarnings("NullAway") // the JDK's signature knows no absence
    public @Nullable HttpServer getServer() {
        return null;
    }

    @Override
    public Map<String, Object> getAttributes() {
        return attributes;
    }

    @Override
    public List<Filter> getFilters() {
        return List.of();
    }

    @Override
    @SuppressWarnings("NullAway")
    public @Nullable Authenticator setAuthenticator(Authenticator authenticator) {
        throw new UnsupportedOperationException("handlers are mounted when the server is built");
    }

    @Override
    @SuppressWarnings("NullAway")
    public @Nullable Authenticator getAuthenticator() {
        return null;
    }
}
