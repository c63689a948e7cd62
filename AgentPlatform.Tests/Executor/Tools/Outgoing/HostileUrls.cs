using System.Globalization;

namespace AgentPlatform.Tests.Executor.Tools.Outgoing;

/// <summary>Ways to write a place that no tool may reach. <c>{0}</c> is the port of a canary on loopback.</summary>
internal static class HostileUrls
{
    /// <summary>Names that stand for private places, as the test's name server has them.</summary>
    public static TestNetwork Names(TestNetwork network) => network
        .Name("localtest.me", "127.0.0.1")
        .Name("127.0.0.1.nip.io", "127.0.0.1")
        .Name("spoofed.burp.example", "127.0.0.1")
        .Name("six.example", "::1")
        .Name("mapped.example", "::ffff:127.0.0.1")
        .Name("compatible.example", "::127.0.0.1")
        .Name("translated.example", "64:ff9b::7f00:1")
        .Name("tunnel.example", "2002:7f00:1::1")
        .Name("unspecified.example", "0.0.0.0")
        .Name("intranet.example", "10.1.2.3")
        .Name("cloud.example", "169.254.169.254")
        .Name("mixed.example", $"{TestNetwork.PublicAddress} 127.0.0.1")
        .Name("mixed6.example", $"{TestNetwork.PublicAddress} fd00::1")
        .Name("localhost", "127.0.0.1")
        .Name("admin.localhost", "127.0.0.1")
        .Name("localhost.localdomain", "127.0.0.1")
        .Name("printer.local", "127.0.0.1")
        .Name("metadata.google.internal", "169.254.169.254");

    public static IEnumerable<string> At(int port) => All.Select(url => string.Format(CultureInfo.InvariantCulture, url, port));

    private static readonly string[] All =
    [
        // Loopback, in every notation of an IPv4 address.
        "http://127.0.0.1:{0}/", "https://127.0.0.1:{0}/", "HTTP://127.0.0.1:{0}/", "http://127.1:{0}/", "http://127.0.1:{0}/",
        "http://127.255.255.254:{0}/", "http://2130706433:{0}/", "http://0x7f000001:{0}/", "http://0x7F.1:{0}/", "http://0x7f.0x0.0x0.0x1:{0}/",
        "http://0177.0.0.1:{0}/", "http://0177.0.0.01:{0}/", "http://00000177.0.0.1:{0}/", "http://017700000001:{0}/", "http://0177.0x0.0.1:{0}/",
        "http://127.0.0.1.:{0}/", "http://127.0x0.1:{0}/", "http://4294967297:{0}/", "http://256.0.0.1:{0}/", "http://127.0.0.1.0:{0}/",

        // The same in other alphabets.
        "http://①②⑦.⓪.⓪.①:{0}/", "http://１２７.0.0.1:{0}/", "http://１２７。０。０。１:{0}/", "http://127。0。0。1:{0}/", "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:{0}/",
        "http://ｌｏｃａｌｈｏｓｔ:{0}/", "http://loc\u00ADalhost:{0}/", "http://①⑥⑨.②⑤④.①⑥⑨.②⑤④/",

        // Names.
        "http://localhost:{0}/", "http://LOCALHOST:{0}/", "http://localhost.:{0}/", "http://localhost..:{0}/", "http://admin.localhost:{0}/",
        "http://localhost.localdomain:{0}/", "http://printer.local:{0}/", "http://localtest.me:{0}/", "http://127.0.0.1.nip.io:{0}/", "http://spoofed.burp.example:{0}/",
        "http://six.example:{0}/", "http://mapped.example:{0}/", "http://compatible.example:{0}/", "http://translated.example:{0}/", "http://tunnel.example:{0}/",
        "http://unspecified.example:{0}/", "http://intranet.example/", "http://cloud.example/", "http://mixed.example:{0}/", "http://mixed6.example/",

        // IPv6, and IPv4 inside of it.
        "http://[::1]:{0}/", "http://[0:0:0:0:0:0:0:1]:{0}/", "http://[::]:{0}/", "http://[::%1]:{0}/", "http://[::1%251]:{0}/",
        "http://[::ffff:127.0.0.1]:{0}/", "http://[::ffff:7f00:1]:{0}/", "http://[0:0:0:0:0:ffff:127.0.0.1]:{0}/", "http://[::127.0.0.1]:{0}/",
        "http://[::ffff:0:127.0.0.1]:{0}/", "http://[::ffff:169.254.169.254]/", "http://[::ffff:a9fe:a9fe]/", "http://[::ffff:10.0.0.1]/",
        "http://[64:ff9b::127.0.0.1]:{0}/", "http://[64:ff9b::7f00:1]:{0}/", "http://[64:ff9b:1::7f00:1]:{0}/", "http://[2002:7f00:1::]:{0}/",
        "http://[2002:a9fe:a9fe::1]/", "http://[2001:0:53aa:64c::80ff:fffe]:{0}/", "http://[2606:4700::5efe:7f00:1]:{0}/",
        "http://[fe80::1]:{0}/", "http://[fe80::1%25eth0]:{0}/", "http://[fec0::1]/", "http://[fc00::1]/", "http://[fd12:3456::1]/", "http://[ff02::1]/",
        "http://[2001:db8::1]/", "http://[3fff::1]/", "http://[100::1]/", "http://[fd00:ec2::254]/latest/meta-data/",

        // Other places that are nobody's on the internet.
        "http://0.0.0.0:{0}/", "http://0:{0}/", "http://0x0:{0}/", "http://10.0.0.1/", "http://172.16.0.1/", "http://172.31.255.255/", "http://192.168.1.1/",
        "http://100.64.0.1/", "http://192.0.0.1/", "http://192.0.2.1/", "http://198.18.0.1/", "http://198.51.100.1/", "http://203.0.113.1/",
        "http://224.0.0.1/", "http://240.0.0.1/", "http://255.255.255.255/",

        // The metadata services of clouds.
        "http://169.254.169.254/latest/meta-data/", "http://0xA9FEA9FE/", "http://2852039166/", "http://169.254.43518/", "http://metadata.google.internal/",
        "http://metadata.google.internal./", "http://168.63.129.16/machine", "http://100.100.100.200/latest/",

        // Who reads a URL differently: user names, fragments, backslashes, control characters, ports.
        "http://good@127.0.0.1:{0}/", "http://good.example:80@127.0.0.1:{0}/", "http://127.0.0.1:{0}#@good.example/", "http://127.0.0.1:{0}?@good.example/",
        "http://good.example%40127.0.0.1:{0}/", "http://1.1.1.1 &@127.0.0.1:{0}/", "http://good.example\\@127.0.0.1:{0}/", "http:\\\\127.0.0.1:{0}\\", "http:127.0.0.1:{0}/",
        "http:///127.0.0.1:{0}/", "http://127.0.0.1\t:{0}/", "http://12\n7.0.0.1:{0}/", "\thttp://127.0.0.1:{0}/\n", "http://localhost%00.good.example:{0}/", "http://127%2e0%2e0%2e1:{0}/",
        "http://user:secret@" + TestNetwork.PublicAddress + "/", "http://" + TestNetwork.PublicAddress + ":0/", "http://127.0.0.1:99999/", "http://", "//127.0.0.1:{0}/", "/etc/passwd", "",

        // Other schemes.
        "file:///etc/passwd", "ftp://127.0.0.1:{0}/", "gopher://127.0.0.1:{0}/_GET", "dict://127.0.0.1:{0}/info", "data:text/plain,hello", "ws://127.0.0.1:{0}/",
        "jar:http://127.0.0.1:{0}!/", "ldap://127.0.0.1:{0}/", "unix:///var/run/docker.sock", "javascript:alert(1)",
    ];
}
