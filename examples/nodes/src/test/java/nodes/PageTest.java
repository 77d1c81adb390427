package nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.cli.Child;
import dev.latent.examples.chat.Browser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser, before nodes that are processes over a Redis: one is killed under it, and the wire to the bus is cut. */
@Timeout(180)
class PageTest {
    private static @Nullable Browser started;

    @TempDir
    Path folder;

    @BeforeAll
    static void startBrowser() {
        started = Browser.start();
    }

    @AfterAll
    static void endBrowser() {
        if (started != null) {
            started.close();
        }
    }

    private static Browser browser() {
        return java.util.Objects.requireNonNull(started);
    }

    /** What was said and is shown, without what the page says itself. */
    private static List<String> said() {
        return browser().lines("#lines li:not(.note)");
    }

    private static List<String> sayings(Caller caller) {
        return caller.heard().stream()
                .filter(message -> message.contains("\"say\":"))
                .map(message -> message.replaceAll(".*\"nick\":\"(\\w+)\",\"say\":\"([^\"]*)\".*", "$1 $2"))
                .toList();
    }

    private Child node(int number, Wire wire) throws Exception {
        return Child.start(
                "node",
                List.of("-Xmx128m", "-XX:+UseSerialGC"),
                NodeProcess.class,
                List.of(
                        "node-" + number,
                        "redis://127.0.0.1:" + wire.port(),
                        folder.resolve("history-" + number).toString()));
    }

    @Test
    void aPageMissesNothingAndSaysEverythingOnceThoughItsNodeIsKilledAndTheBusIsLost() throws Exception {
        int redis = Servers.freePort();
        List<Child> nodes = new ArrayList<>();
        try (var _ = Servers.redis(redis);
                Wire wire = new Wire(redis)) {
            nodes.add(node(0, wire));
            nodes.add(node(1, wire));
            int first = Integer.parseInt(nodes.get(0).line("port"));
            int second = Integer.parseInt(nodes.get(1).line("port"));
            try (Caller bob = new Caller(second)) {
                bob.tell("{\"join\":\"lobby\",\"nick\":\"Bob\",\"me\":\"secret of Bob\"}");
                bob.await(message -> message.startsWith("{\"welcome\""));
                // The page has to know of the other node, whether it had told the first where it is or tells it only
                // now.
                Browser page = browser();
                page.driver.get("http://127.0.0.1:" + first + "/");
                page.join("lobby", "Ada");
                page.waitFor("to be inside", () -> page.id("inside").isDisplayed());
                page.waitFor(
                        "the other node to be known",
                        () -> Boolean.TRUE.equals(
                                page.driver.executeScript("return places.includes('127.0.0.1:" + second + "')")));
                page.say("one");
                bob.await(message -> message.contains("\"say\":\"one\""));
                bob.tell("{\"say\":\"two\",\"n\":\"1\",\"after\":\"0\"}");
                page.waitForLine("Bob two");

                nodes.get(0).kill();
                page.waitFor("the loss to be shown", () -> page.text("state").contains("The connection was lost."));
                page.say("three");
                page.say("four");
                bob.tell("{\"say\":\"meanwhile\",\"n\":\"2\",\"after\":\"1\"}");
                page.waitForLine("Ada four");
                assertEquals(List.of("Ada one", "Bob two", "Bob meanwhile", "Ada three", "Ada four"), said());
                assertTrue(page.lines().contains("You are back."), page.lines().toString());
                assertFalse(page.id("state").isDisplayed());
                assertEquals("Bob\nAda (you)", page.text("members"));
                bob.await(message -> message.contains("\"say\":\"four\""));

                wire.cut();
                page.waitFor("the bus to be missed", () -> page.text("state")
                        .startsWith("The chat is cut in two just now. What you say is said when it is whole again."));
                page.say("five");
                page.say("six");
                assertEquals(List.of("Ada five waits", "Ada six waits"), said().subList(5, 7));
                page.picture("chat-cut");
                wire.mend();
                page.waitForLine("Ada six");
                page.waitFor("all to be well", () -> !page.id("state").isDisplayed());
                page.say("seven");
                page.waitForLine("Ada seven");
                assertEquals(
                        List.of(
                                "Ada one",
                                "Bob two",
                                "Bob meanwhile",
                                "Ada three",
                                "Ada four",
                                "Ada five",
                                "Ada six",
                                "Ada seven"),
                        said());
                bob.await(message -> message.contains("\"say\":\"seven\""));
                // On the wire a line may come twice, with one number; it is who shows lines that passes it over.
                assertEquals(said(), sayings(bob).stream().distinct().toList());
            }
        } finally {
            browser().driver.get("about:blank");
            for (Child node : nodes) {
                node.kill();
            }
        }
    }
}
