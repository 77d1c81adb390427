package dev.latent.cli.bench;

import java.util.List;

/** How many threads run the tasks. */
enum Flavor {
    CURRENT("one thread"),
    MULTI("two workers");

    final String shown;

    Flavor(String shown) {
        this.shown = shown;
    }

    /** {@return what the programs are told} */
    List<String> arguments() {
        return this == CURRENT ? List.of() : List.of("--flavor", "multi", "--workers", "2");
    }
}
