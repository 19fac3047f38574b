package dev.masque.kwik;

import com.sun.net.httpserver.HttpHandler;
import tech.kwik.flupke.server.HttpRequestHandler;

/**
 * Mounts what was written for flupke's HTTP/3 server: a flupke server keeps its site and gains a proxy on the same port, and
 * its handlers answer over HTTP/1.1 and HTTP/2 also. Stateless. Needs flupke on the class path, which is an optional
 * dependency of this module.
 *
 * <pre>{@code
 * HttpRequestHandler site = (request, response) -> {
 *     response.setStatus(200);
 *     response.getOutputStream().write("hello".getBytes(UTF_8));
 * };
 * MasqueServer.builder()
 *         .handler("/", FlupkeHandlers.adapt(site))
 *         ...
 * }</pre>
 */
public final class FlupkeHandlers {
    private FlupkeHandlers() {}

    /**
     * Lets a handler of flupke answer requests that are mounted as those of the JDK's {@code HttpServer} are. As with flupke, a
     * handler that sets no status answers 500, headers that are set after {@code getOutputStream()} are refused, and the
     * request's path has its query. Unlike with flupke, names of a connection such as {@code Connection} do not leave, and
     * a status outside 100 to 599 is 500.
     *
     * @param handler called once per request, on the thread of the mounted handler, which may block
     * @return a handler for {@code com.sun.net.httpserver}; what {@code handler} throws passes through it
     */
    public static HttpHandler adapt(HttpRequestHandler handler) {
        return exchange -> {
            FlupkeResponse response = new FlupkeResponse(exchange);
            handler.handleRequest(new FlupkeRequest(exchange), response);
            response.finish();
            exchange.close();
        };
    }
}
