// Command shop puts numbered items into a cart that it shares with the till, under a lock.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"strconv"
	"time"

	mayfly "mayfly.io/clients/go"
)

// Item is one of the shop's.
type Item struct {
	Number int `json:"number"`
	Price  int `json:"price"`
}

// Cart is the value that both services change. What the shop has done so far stands in it, beside
// the items: so both change together or not at all, and a shop that starts again knows where it was.
type Cart struct {
	Items []Item `json:"items"`
	Added int    `json:"added"`
	Full  bool   `json:"full"`
}

func price(number int) int { return 1 + number%7 }

func main() {
	if len(os.Args) != 4 {
		log.Fatal("usage: shop fill|audit CART ITEMS")
	}
	items, err := strconv.Atoi(os.Args[3])
	if err != nil {
		log.Fatal(err)
	}
	client, err := mayfly.New(os.Getenv("MAYFLY_URL"), mayfly.Config{Producer: "shop"})
	if err != nil {
		log.Fatal(err)
	}
	act := map[string]func(*mayfly.Client, string, int) error{"fill": fill, "audit": audit}[os.Args[1]]
	if act == nil {
		log.Fatal("usage: shop fill|audit CART ITEMS")
	}
	if err := act(client, os.Args[2], items); err != nil {
		log.Fatal(err)
	}
}

// fill adds one item after the other, each under the lock.
func fill(client *mayfly.Client, name string, items int) error {
	for full := false; !full; {
		cart, err := add(client, name, items)
		if errors.Is(err, mayfly.LeaseHeld) || errors.Is(err, mayfly.LeaseLost) || errors.Is(err, mayfly.StaleFence) {
			continue // Somebody else has the lock; nothing was written.
		}
		if err != nil {
			return err
		}
		fmt.Println("added", cart.Added)
		full = cart.Full
	}
	return nil
}

func add(client *mayfly.Client, name string, items int) (Cart, error) {
	ctx := context.Background()
	lock, err := client.Acquire(ctx, "checkout", name, mayfly.LeaseOptions{
		Holder: fmt.Sprint("shop-", os.Getpid()), TTL: 2 * time.Second, Wait: 10 * time.Second,
	})
	if err != nil {
		return Cart{}, err
	}
	defer lock.Release(ctx)
	var after Cart
	_, err = mayfly.In[Cart](client, "checkout").Update(ctx, name, func(entry *mayfly.Entry[Cart]) (Cart, error) {
		after = Cart{}
		if entry != nil {
			after = entry.Value
		}
		if after.Added < items {
			after.Added++
			after.Items = append(after.Items, Item{after.Added, price(after.Added)})
		}
		after.Full = after.Added == items
		return after, nil
	}, lock.Fence(), mayfly.TTL(10*time.Minute))
	return after, err
}

// audit fails unless each item was sold exactly once.
func audit(client *mayfly.Client, name string, items int) error {
	ctx := context.Background()
	cart, err := mayfly.In[Cart](client, "checkout").Get(ctx, name)
	if err != nil {
		return err
	}
	sold, err := mayfly.In[int](client, "checkout").Get(ctx, name+"-sold")
	if err != nil {
		return err
	}
	due := 0
	for number := 1; number <= items; number++ {
		due += price(number)
	}
	fmt.Printf("%d items added, %d left in the cart, %d bookings, %d sold of %d due\n",
		cart.Value.Added, len(cart.Value.Items), sold.Revision, sold.Value, due)
	if cart.Value.Added != items || len(cart.Value.Items) != 0 || sold.Revision != int64(items) || sold.Value != due {
		return errors.New("something was lost or doubled")
	}
	return nil
}
