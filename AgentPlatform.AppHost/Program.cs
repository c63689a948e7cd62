using AgentPlatform.AppHost;
using AgentPlatform.AppHost.Local;

// The same executable plays a second part: started by the local stack, it is the stack's Redis.
if (args is [GarnetRole.Name, .. var garnetArguments])
{
    return await GarnetRole.RunAsync(garnetArguments);
}

if (args is [KeysCommand.Name, ..])
{
    return await KeysCommand.RunAsync(args);
}

// azd and the Aspire CLI bring their own arguments and read a manifest.
if (StackChoice.IsPublish(args))
{
    return await AspireStack.RunAsync(args, new AppHostOptions());
}

if (!AppHostOptions.TryParse(args, out var options, out var error))
{
    Console.Error.WriteLine($"{error}{Environment.NewLine}{Environment.NewLine}{AppHostOptions.Help}");
    return 2;
}

if (options.ShowHelp)
{
    Console.WriteLine(AppHostOptions.Help);
    return 0;
}

var choice = await StackChoice.MakeAsync(options);
return choice.Stack is StackKind.Aspire
    ? await AspireStack.RunAsync([], options)
    : await LocalStack.RunAsync(options, choice.Reason);
