package notes;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.join;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.latent.AsyncFunction;
import dev.latent.Future;
import dev.latent.junit.AsyncTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What any store has to do: one in memory, one behind JDBC. */
class StoreTest {
    private static int stores;

    private final Draft tea = new Draft("tea", "green");

    private Future<Void> withBoth(AsyncFunction<Store, Void> test) {
        return async(() -> {
            await(async(test, new MemoryStore()));
            try (var store = await(JdbcStore.open("jdbc:h2:mem:store" + stores++, 4))) {
                await(async(test, store));
            }
        });
    }

    @AsyncTest
    Future<Void> aNoteIsAddedFoundChangedAndRemoved() {
        return withBoth(store -> {
            assertEquals(Optional.empty(), await(store.find(1)));
            Note note = await(store.add(tea, null));
            assertEquals(new Note(1, 1, "tea", "green"), note);
            assertEquals(Optional.of(note), await(store.find(1)));
            Note changed = new Note(1, 2, "tea", "black");
            assertEquals(new Store.Change.Done(changed), await(store.replace(1, 1L, new Draft("tea", "black"))));
            assertEquals(new Store.Change.Conflict(changed), await(store.replace(1, 1L, tea)));
            assertEquals(new Store.Change.Done(new Note(1, 3, "tea", "green")), await(store.replace(1, null, tea)));
            assertInstanceOf(Store.Change.Conflict.class, await(store.remove(1, 2L)));
            assertInstanceOf(Store.Change.Done.class, await(store.remove(1, 3L)));
            assertEquals(new Store.Change.Missing(), await(store.remove(1, null)));
            assertEquals(new Store.Change.Missing(), await(store.replace(1, null, tea)));
            return null;
        });
    }

    @AsyncTest
    Future<Void> ofTwoWhoChangeOneVersionOneIsLate() {
        return withBoth(store -> {
            await(store.add(tea, null));
            List<Future<Store.Change>> changes = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                changes.add(store.replace(1, 1L, new Draft("tea", "cup " + i)));
            }
            var done = await(join(changes)).stream()
                    .filter(Store.Change.Done.class::isInstance)
                    .toList();
            assertEquals(1, done.size());
            assertEquals(2, await(store.find(1)).orElseThrow().version());
            return null;
        });
    }

    @AsyncTest
    Future<Void> whoAsksAgainGetsTheSameNote() {
        return withBoth(store -> {
            var both = await(
                    join(Stream.generate(() -> store.add(tea, "key")).limit(10).toList()));
            assertEquals(1, both.stream().distinct().count());
            assertEquals(both.getFirst(), await(store.add(tea, "key")));
            assertEquals(1, await(store.list(0, 100, "")).size());
            return null;
        });
    }

    @AsyncTest
    Future<Void> listsAreInTheOrderOfIds() {
        return withBoth(store -> {
            for (int i = 1; i <= 10; i++) {
                await(store.add(new Draft("Note " + i, i % 2 == 0 ? "even" : "odd"), null));
            }
            assertEquals(List.of(1L, 2L, 3L), ids(await(store.list(0, 3, ""))));
            assertEquals(List.of(9L, 10L), ids(await(store.list(8, 3, ""))));
            assertEquals(List.of(6L, 8L), ids(await(store.list(4, 2, "EVEN"))));
            assertEquals(List.of(10L), ids(await(store.list(0, 5, "note 10"))));
            assertEquals(List.of(), ids(await(store.list(0, 5, "' OR 1=1 --"))));
            return null;
        });
    }

    private static List<Long> ids(List<Note> notes) {
        return notes.stream().map(Note::id).toList();
    }
}
