package merge;

import dev.latent.cli.Progress;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import merge.databases.Embedded;

/** Databases that others have started, and those of the five that were started for the lack of them. */
final class Databases implements AutoCloseable {
    private final Embedded embedded;
    private final Map<Kind, String> urls;
    private final Settings settings;

    private Databases(Embedded embedded, Map<Kind, String> urls, Settings settings) {
        this.embedded = embedded;
        this.urls = urls;
        this.settings = settings;
    }

    /** @param given where databases are; those that are missing are started */
    static Databases start(Settings given) throws Exception {
        Set<Kind> missing = EnumSet.allOf(Kind.class);
        missing.removeAll(given.urls().keySet());
        Set<Embedded.Which> which = EnumSet.noneOf(Embedded.Which.class);
        missing.forEach(kind -> which.add(Embedded.Which.valueOf(kind.name())));
        Progress progress = new Progress();
        Embedded embedded;
        try {
            embedded = Embedded.start(which, progress::now);
        } finally {
            progress.end();
        }
        Map<Kind, String> urls = new EnumMap<>(Kind.class);
        urls.putAll(given.urls());
        missing.forEach(kind -> urls.put(kind, embedded.url(Embedded.Which.valueOf(kind.name()))));
        return new Databases(embedded, urls, new Settings(urls, given.deadlines(), given.connections(), given.line()));
    }

    Settings settings() {
        return settings;
    }

    Map<Kind, String> urls() {
        return urls;
    }

    Path folder() {
        return embedded.folder();
    }

    @Override
    public void close() {
        embedded.close();
    }
}
