module mayfly.io/clients/go

go 1.19
