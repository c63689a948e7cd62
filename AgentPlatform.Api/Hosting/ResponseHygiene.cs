namespace AgentPlatform.Api.Hosting;

/// <summary>What every answer says to browsers, errors included.</summary>
internal static class ResponseHygiene
{
    public static WebApplication UseResponseHygiene(this WebApplication app)
    {
        if (!app.Environment.IsDevelopment())
        {
            app.UseHsts();
        }

        app.Use(static (context, next) =>
        {
            // When the answer starts, because an exception's handler clears what was set before.
            context.Response.OnStarting(static state =>
            {
                ((HttpResponse)state).Headers.XContentTypeOptions = "nosniff";
                return Task.CompletedTask;
            }, context.Response);
            return next(context);
        });
        return app;
    }
}
