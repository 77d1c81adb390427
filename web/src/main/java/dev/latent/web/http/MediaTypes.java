package dev.latent.web.http;

import java.util.Locale;

/** The types of files by their names; the JDK's own table depends on the machine. */
final class MediaTypes {
    private MediaTypes() {}

    /** {@return the content type of a file of that name} */
    static String of(String name) {
        String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return switch (extension) {
            case "html", "htm" -> "text/html; charset=utf-8";
            case "css" -> "text/css; charset=utf-8";
            case "js", "mjs" -> "text/javascript; charset=utf-8";
            case "txt", "text", "log", "md", "markdown" -> "text/plain; charset=utf-8";
            case "csv" -> "text/csv; charset=utf-8";
            case "ics" -> "text/calendar; charset=utf-8";
            case "vtt" -> "text/vtt; charset=utf-8";
            case "xml" -> "application/xml";
            case "json", "map" -> "application/json";
            case "jsonld" -> "application/ld+json";
            case "webmanifest" -> "application/manifest+json";
            case "atom" -> "application/atom+xml";
            case "rss" -> "application/rss+xml";
            case "xhtml" -> "application/xhtml+xml";
            case "yaml", "yml" -> "application/yaml";
            case "svg" -> "image/svg+xml";
            case "png" -> "image/png";
            case "apng" -> "image/apng";
            case "jpg", "jpeg" -> "image/jpeg";
            case "gif" -> "image/gif";
            case "webp" -> "image/webp";
            case "avif" -> "image/avif";
            case "bmp" -> "image/bmp";
            case "tif", "tiff" -> "image/tiff";
            case "ico" -> "image/x-icon";
            case "woff" -> "font/woff";
            case "woff2" -> "font/woff2";
            case "ttf" -> "font/ttf";
            case "otf" -> "font/otf";
            case "mp3" -> "audio/mpeg";
            case "m4a" -> "audio/mp4";
            case "oga", "ogg", "opus" -> "audio/ogg";
            case "wav" -> "audio/wav";
            case "weba" -> "audio/webm";
            case "flac" -> "audio/flac";
            case "mp4", "m4v" -> "video/mp4";
            case "webm" -> "video/webm";
            case "ogv" -> "video/ogg";
            case "mpeg", "mpg" -> "video/mpeg";
            case "mov" -> "video/quicktime";
            case "wasm" -> "application/wasm";
            case "pdf" -> "application/pdf";
            case "zip" -> "application/zip";
            case "gz", "tgz" -> "application/gzip";
            case "tar" -> "application/x-tar";
            case "bz2" -> "application/x-bzip2";
            case "7z" -> "application/x-7z-compressed";
            case "jar" -> "application/java-archive";
            case "rtf" -> "application/rtf";
            case "epub" -> "application/epub+zip";
            case "docx" -> "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
            case "xlsx" -> "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
            case "pptx" -> "application/vnd.openxmlformats-officedocument.presentationml.presentation";
            case "odt" -> "application/vnd.oasis.opendocument.text";
            case "ods" -> "application/vnd.oasis.opendocument.spreadsheet";
            default -> "application/octet-stream";
        };
    }

    /** {@return whether compressing is worth it} */
    static boolean isText(String type) {
        return type.startsWith("text/")
                || type.startsWith("image/svg")
                || type.endsWith("json")
                || type.endsWith("xml")
                || type.endsWith("yaml")
                || type.equals("application/wasm");
    }
}
