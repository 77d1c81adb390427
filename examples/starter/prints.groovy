// Run by the build after the starter: what the program has printed.
assert new File(basedir, "build.log").text.contains("tea: 3, coffee: 6")
