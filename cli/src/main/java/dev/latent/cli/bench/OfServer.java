package dev.latent.cli.bench;

import java.util.List;

/** A subject that is a server under a load: what it is called, built of and started by is the server's. */
interface OfServer extends Subject {
    /** {@return the server} */
    EchoServers.Server server();

    /** {@return the load client's arguments} */
    List<String> load();

    @Override
    default String name() {
        return server().name();
    }

    @Override
    default List<Part> parts() {
        return server().parts();
    }

    @Override
    default List<String> commands() {
        return server().shown(load());
    }
}
