using System.Net;
using AgentPlatform.Executor.Tools.Outgoing;
using Xunit;

namespace AgentPlatform.Tests.Executor.Tools.Outgoing;

public sealed class OutgoingAddressTests
{
    [Theory]
    [InlineData("0.0.0.0 0.1.2.3 10.0.0.0 10.255.255.255 100.64.0.0 100.127.255.255 127.0.0.1 127.255.255.255 169.254.0.1 169.254.255.255")]
    [InlineData("172.16.0.0 172.31.255.255 192.168.0.0 192.168.255.255 192.0.0.8 192.0.2.0 192.88.99.1 198.18.0.0 198.19.255.255 198.51.100.7 203.0.113.7")]
    [InlineData("224.0.0.0 239.255.255.255 240.0.0.0 255.255.255.255 168.63.129.16 100.100.100.200")]
    [InlineData(":: ::1 ::2 ::10.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:0:8.8.8.8 64:ff9b::8.8.8.8 64:ff9b:1::1 100::1")]
    [InlineData("2001::1 2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2002:808:808::1 2620:4f:8000::1 3fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 febf::1 fec0::1 ff02::1")]
    [InlineData("2606:4700::5efe:10.0.0.1 2606:4700::200:5efe:127.0.0.1 4000::1 1000::1 e000::1 2606:4700::1%3")]
    public void Nobody_on_the_internet_is_there(string addresses) =>
        Assert.All(addresses.Split(' '), address => Assert.False(OutgoingAddress.IsPublic(IPAddress.Parse(address))));

    [Theory]
    [InlineData("1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.1 169.253.255.255 169.255.0.0")]
    [InlineData("172.15.255.255 172.32.0.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 223.255.255.255 168.63.129.17")]
    [InlineData("2606:4700:4700::1111 2a00:1450:4001:82a::200e 2001:4860:4860::8888 2606:4700::5efe:8.8.8.8 ::ffff:8.8.8.8")]
    public void Somebody_on_the_internet_may_be_there(string addresses) =>
        Assert.All(addresses.Split(' '), address => Assert.True(OutgoingAddress.IsPublic(IPAddress.Parse(address))));
}
