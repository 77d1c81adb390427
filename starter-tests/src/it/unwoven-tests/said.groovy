def log = new File(basedir, "build.log").text
assert log.contains("shop.KettleTest.boils(dev.latent.junit.TestClock) would not run, since its class was not woven")
