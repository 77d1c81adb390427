def log = new File(basedir, "build.log").text
assert log.contains("Shop.java:14: error: [latent:lock-across-await] a monitor is held across this await")
assert log.contains("latent weave: not a class file: Broken.class")
