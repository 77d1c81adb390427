package dev.latent.bench;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.Future;

/** A chain of three calls across classes, through an interface and methods that could be overridden. */
final class Layers {
    private Layers() {}

    interface Repository {
        Future<Long> find(long id);

        Long plainFind(long id);
    }

    static class Service {
        private final Repository repository;

        Service(Repository repository) {
            this.repository = repository;
        }

        Future<Long> find(long id) {
            return async(() -> Chain.mix(await(repository.find(id + 1))));
        }

        Long plainFind(long id) {
            return Chain.mix(repository.plainFind(id + 1));
        }
    }

    static class Store implements Repository {
        @Override
        public Future<Long> find(long id) {
            return async(() -> Chain.mix(await(read(id + 1))));
        }

        Future<Long> read(long id) {
            return async(() -> Chain.mix(id));
        }

        @Override
        public Long plainFind(long id) {
            return Chain.mix(plainRead(id + 1));
        }

        Long plainRead(long id) {
            return Chain.mix(id);
        }
    }
}
