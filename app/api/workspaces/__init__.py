"""`/v1/workspaces/{workspace}/…`: one file a resource."""
