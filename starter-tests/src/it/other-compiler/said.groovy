def log = new File(basedir, "build.log").text
assert log.contains("counted tea")
assert log.contains("counted coffee")
assert log.contains("in all: 9")
assert new File(basedir, "target/classes/shop/Stock\$async\$of\$0.class").exists()
