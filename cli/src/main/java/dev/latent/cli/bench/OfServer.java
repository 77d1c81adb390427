package dev.latent.cli.bench;

import java.util.List;

/** A subject that is a server under a load: what it is called, built of and started by is the server's. */
interface OfServer extends Subject {
    /** {@return the server} */
    Servers.Server server();

    /** {@return the command that puts load on who listens there} */
    List<String> load(int port);

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
        return List.of(server().shown(), Plan.shown(load(Servers.SHOWN_PORT)));
    }
}
