package dev.masque.ohttp.gateway;

import com.sun.net.httpserver.Authenticator;
import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The context of an {@link InnerExchange}: everything under "/", and no server. */
final class InnerContext extends HttpContext {
    private final Map<String, Object> attributes = new ConcurrentHashMap<>();
    private final List<Filter> filters = new ArrayList<>();

    @Override
    public @Nullable HttpHandler getHandler() {
        return null;
    }

    @Override
    public void setHandler(HttpHandler handler) {
        throw new UnsupportedOperationException("the handler is the gateway's");
    }

    @Override
    public String getPath() {
        return "/";
    }

    @Override
    public @Nullable HttpServer getServer() {
        return null;
    }

    @Override
    public Map<String, Object> getAttributes() {
        return attributes;
    }

    @Override
    public List<Filter> getFilters() {
        return filters;
    }

    @Override
    public @Nullable Authenticator setAuthenticator(Authenticator auth) {
        throw new UnsupportedOperationException("a request that comes from nobody has no principal");
    }

    @Override
    public @Nullable Authenticator getAuthenticator() {
        return null;
    }
}
