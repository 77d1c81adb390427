assert new File(basedir, "build.log").text.contains("weaving needs a JDK 25 or newer: set JAVA_HOME to one")
