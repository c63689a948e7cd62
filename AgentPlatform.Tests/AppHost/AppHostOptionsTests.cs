extern alias apphost;
using apphost::AgentPlatform.AppHost;
using Xunit;

namespace AgentPlatform.Tests.AppHost;

public sealed class AppHostOptionsTests
{
    [Fact]
    public void No_arguments_give_one_of_each_on_port_5080()
    {
        var options = Parse();

        Assert.Equal((1, 1, 5080), (options.Executors, options.Apis, options.Port));
        Assert.Null(options.Stack);
        Assert.Null(options.DataFolder);
    }

    [Fact]
    public void Every_option_is_read_with_a_space_or_an_equals_sign()
    {
        var options = Parse("--stack", "local", "--executors=3", "--apis", "2", "--port=6000", "--data", "/tmp/x=y");

        Assert.Equal(new AppHostOptions { Stack = StackKind.Local, Executors = 3, Apis = 2, Port = 6000, DataFolder = "/tmp/x=y" }, options);
    }

    [Theory]
    [InlineData("--bogus", "Unknown option '--bogus'.")]
    [InlineData("executor", "Unknown option 'executor'.")]
    [InlineData("--port", "--port needs a value.")]
    [InlineData("--data=", "--data needs a value.")]
    [InlineData("--port=0", "--port is a number from 1 to 65535, not '0'.")]
    [InlineData("--port=http", "--port is a number from 1 to 65535, not 'http'.")]
    [InlineData("--executors=17", "--executors is a number from 1 to 16, not '17'.")]
    [InlineData("--apis=-1", "--apis is a number from 1 to 16, not '-1'.")]
    [InlineData("--stack=docker", "--stack is 'aspire' or 'local', not 'docker'.")]
    [InlineData("--stack=1", "--stack is 'aspire' or 'local', not '1'.")]
    public void A_wrong_argument_is_named_with_what_it_may_be(string argument, string message)
    {
        Assert.False(AppHostOptions.TryParse([argument], out _, out var error));
        Assert.Equal(message, error);
    }

    [Theory]
    [InlineData(true, "--operation", "publish", "--publisher", "manifest")]
    [InlineData(true, "--publisher=manifest")]
    [InlineData(false, "--executors", "2")]
    [InlineData(false)]
    public void A_request_for_a_manifest_is_told_from_a_run(bool publish, params string[] arguments) =>
        Assert.Equal(publish, StackChoice.IsPublish(arguments));

    private static AppHostOptions Parse(params string[] arguments)
    {
        Assert.True(AppHostOptions.TryParse(arguments, out var options, out var error), error);
        return options;
    }
}
