package dev.latent.examples.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.runtime.Latent;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WindowType;

/** The chat's page, in a real browser; its pictures are in {@code target/pictures}. */
class PageTest {
    private static Browser browser;

    private Server server;

    /** A chat server on a thread of its own. */
    private record Server(int port, CompletableFuture<Void> stop, Thread thread) {
        static Server start(int port) {
            var stop = new CompletableFuture<Void>();
            var listening = new CompletableFuture<InetSocketAddress>();
            Thread thread = Thread.ofPlatform().start(() -> {
                try {
                    Latent.blockOn(ChatServer.serve(new Chat(), List.of("127.0.0.1"), port, stop, listening::complete));
                } catch (Throwable t) {
                    listening.completeExceptionally(t);
                }
            });
            return new Server(listening.join().getPort(), stop, thread);
        }

        void end() {
            stop.complete(null);
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @BeforeAll
    static void startBrowser() {
        browser = Browser.start();
    }

    @AfterAll
    static void endBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void startServer() {
        server = Server.start(0);
        browser.scheme("light");
        browser.size(1_000, 700);
    }

    @AfterEach
    void endServer() {
        browser.driver.get("about:blank");
        server.end();
    }

    private void open(String hash) {
        browser.driver.get("about:blank");
        browser.driver.get("http://127.0.0.1:" + server.port + "/" + hash);
    }

    private void enter(String room, String nick) {
        open("");
        browser.join(room, nick);
        browser.waitFor("to be inside", () -> browser.id("inside").isDisplayed());
    }

    @Test
    void aPersonJoinsTalksAndLeaves() {
        enter("lobby", "Ada");
        assertEquals("# lobby", browser.text("title"));
        assertTrue(browser.driver.getCurrentUrl().endsWith("/#lobby"));
        assertEquals("text", browser.driver.switchTo().activeElement().getAttribute("id"));
        browser.say("   ");
        browser.say("hello");
        browser.waitForLine("Ada hello");
        assertEquals(List.of("Ada hello"), browser.lines());
        assertEquals("Ada (you)", browser.text("members"));
        browser.say("/quit");
        browser.waitFor("the door", () -> browser.id("door").isDisplayed());
        assertEquals("Ada", browser.id("nick").getAttribute("value"));
        assertEquals("", browser.text("trouble"));
    }

    @Test
    void aBrokenAddressLeavesThePageWorking() {
        open("#%zz");
        browser.join("lobby", "Ada");
        browser.waitFor("to be inside", () -> browser.id("inside").isDisplayed());
        browser.driver.executeScript("location.hash = '#attic'");
        browser.waitFor("the other room", () -> browser.text("title").equals("# attic"));
    }

    @Test
    void aNameThatCannotBeSeenIsRefusedInThePagesWords() {
        open("");
        browser.driver.executeScript("document.getElementById('nick').value = 'A\\u200bda'");
        browser.id("join").click();
        browser.waitFor("a refusal", () -> browser.text("trouble").contains("characters that can be seen"));
        browser.join("lobby", "Ada");
        browser.waitFor("to be inside", () -> browser.id("inside").isDisplayed());
    }

    @Test
    void commandsAreTyped() {
        enter("lobby", "Ada");
        browser.say("/nick Grace");
        browser.waitForLine("Ada is called Grace from now on");
        assertEquals("Grace (you)", browser.text("members"));
        assertEquals("Grace", browser.text("me"));
        browser.say("/rooms");
        browser.waitForLine("Rooms: lobby (1)");
        browser.say("/join attic");
        browser.waitFor("the other room", () -> browser.text("title").equals("# attic"));
        browser.say("//nick is a command");
        browser.waitForLine("Grace /nick is a command");
        browser.say("/nonsense");
        browser.waitForLine("There is no /nonsense. What there is: /help");
        assertEquals("/nonsense", browser.id("text").getAttribute("value"));
        browser.say("/help");
        browser.waitForLine("/quit: leave");
    }

    @Test
    void whoComesReadsWhatWasSaid() {
        enter("lobby", "Ada");
        browser.say("before");
        browser.waitForLine("Ada before");
        String first = browser.driver.getWindowHandle();
        browser.driver.switchTo().newWindow(WindowType.TAB);
        try {
            enter("lobby", "ada");
        } catch (RuntimeException e) {
            assertTrue(browser.text("trouble").startsWith("Somebody in this room has that name"), e.toString());
        }
        browser.join("lobby", "Bob");
        browser.waitForLine("Ada before");
        assertEquals("Ada\nBob (you)", browser.text("members"));
        assertEquals("2", browser.text("count"));
        browser.driver.close();
        browser.driver.switchTo().window(first);
        browser.waitForLine("Bob has left");
    }

    @Test
    void aLostConnectionIsShownAndComesBackByItself() {
        enter("lobby", "Ada");
        browser.say("before");
        browser.waitForLine("Ada before");
        browser.type("text", "a draft");
        server.end();
        browser.waitFor("the loss to be shown", () -> browser.text("state").contains("Trying again in"));
        browser.id("text").sendKeys(Keys.ENTER);
        browser.say("and another");
        browser.say("/nick Grace");
        assertEquals("/nick Grace", browser.id("text").getAttribute("value"), "that can't wait");
        assertEquals(List.of("Ada before", "Ada a draft waits", "Ada and another waits"), browser.lines());
        server = Server.start(server.port);
        browser.id("retry").click();
        browser.waitForLine("You are back.");
        assertFalse(browser.id("state").isDisplayed());
        browser.waitForLine("Ada and another");
        assertEquals(List.of("Ada before", "You are back.", "Ada a draft", "Ada and another"), browser.lines());
        browser.id("text").sendKeys(Keys.ENTER);
        browser.waitForLine("Ada is called Grace from now on");
    }

    @Test
    void aServerThatIsNotThereIsToldAtTheDoor() {
        open("");
        server.end();
        browser.join("lobby", "Ada");
        browser.waitFor("it to be told", () -> browser.text("trouble").startsWith("The server cannot be reached"));
        assertTrue(browser.id("join").isEnabled());
    }

    @Test
    void namesHaveColoursInBothSchemesAndBothWidthsShowWhoIsThere() throws Exception {
        Set<String> colours = new HashSet<>();
        enter("lobby", "Ada");
        browser.say("How does it look?");
        browser.say("/nick Grace");
        browser.say("A longer line, which has to be broken somewhere on a screen that is not so wide as a desk's.");
        browser.say("/rooms");
        browser.waitForLine("Rooms: lobby (1)");
        for (String scheme : List.of("light", "dark")) {
            browser.scheme(scheme);
            browser.size(1_000, 700);
            assertTrue(browser.id("here").isDisplayed());
            assertFalse(browser.id("who").isDisplayed());
            browser.picture("chat-wide-" + scheme);
            String ink = browser.id("lines").getCssValue("color");
            for (var nick : browser.driver.findElements(By.cssSelector("#lines .nick"))) {
                String colour = nick.getCssValue("color");
                assertNotEquals(ink, colour);
                colours.add(colour);
            }
            browser.size(360, 640);
            assertFalse(browser.id("here").isDisplayed());
            browser.id("who").click();
            assertTrue(browser.id("here").isDisplayed());
            browser.picture("chat-narrow-" + scheme);
            browser.driver.switchTo().activeElement().sendKeys(Keys.ESCAPE);
            assertFalse(browser.id("here").isDisplayed());
            assertEquals("1 here", browser.text("who"));
        }
        assertEquals(4, colours.size(), colours.toString());
        for (String scheme : List.of("light", "dark")) {
            browser.scheme(scheme);
            browser.size(1_000, 700);
            server.end();
            browser.waitFor("the loss to be shown", () -> browser.text("state").contains("Trying again in"));
            browser.picture("chat-lost-" + scheme);
            server = Server.start(server.port);
            browser.id("retry").click();
            browser.waitFor("to be back", () -> !browser.id("state").isDisplayed());
        }
    }
}
