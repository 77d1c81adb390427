/** HTTP/1.1 services, and WebSocket (RFC 6455), server and client. */
module dev.latent.web {
    requires transitive dev.latent.core;
    requires transitive dev.latent.io;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.haproxy;
    requires io.netty.codec.http;
    requires io.netty.common;
    requires io.netty.transport;
    requires static org.jspecify;

    exports dev.latent.web;
    exports dev.latent.web.http;
}
