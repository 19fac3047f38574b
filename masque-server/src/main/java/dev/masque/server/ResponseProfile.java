package dev.masque.server;

/** Which status codes a server refuses with. Both send {@code Proxy-Status} with the same error types. */
public enum ResponseProfile {
    /** 403 if the client or the target is not accepted, 502 if the target cannot be reached, 503 if it is worth trying again. */
    PRIVACY_PROXY,
    /** 407 (401 on templated requests) if credentials are missing, 504 on time-outs, 429 on rate limits: RFC 9110, RFC 9209. */
    RFC
}
